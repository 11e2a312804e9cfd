/**
 * Sums over the departments' figures.
 *
 * @module
 */

import type { ProcurementFigures, TransportFigures, WorkshopFigures } from "../metrics/mod.ts";
import type { Totals } from "../operations/mod.ts";
import type { Summary } from "./factory.ts";

interface Figures {
  readonly procurement: ProcurementFigures;
  readonly workshops: readonly WorkshopFigures[];
  readonly transport: TransportFigures;
}

/** Sums since the start. */
export function totalsOf({ procurement, workshops, transport }: Figures): Totals {
  const sum = (figure: (workshop: WorkshopFigures) => number) =>
    workshops.reduce((total, workshop) => total + figure(workshop), 0);
  return {
    materials: procurement.materials,
    products: transport.products.reduce((total, { delivered }) => total + delivered, 0),
    retries: sum(({ retries }) => retries),
    deadLetters: sum(({ deadLetters }) => count(deadLetters)),
    hired: sum(({ hired }) => hired),
    dismissed: sum(({ dismissed }) => count(dismissed)),
    rejected: procurement.rejected,
  };
}

/** What a run came to. */
export function summarize(
  figures: Figures,
  { name, seconds, epochs, rejections, deadLetters }: Pick<
    Summary,
    "name" | "seconds" | "epochs" | "rejections" | "deadLetters"
  >,
): Summary {
  const totals = totalsOf(figures);
  return {
    name,
    materials: totals.materials,
    rejected: totals.rejected,
    products: Object.fromEntries(figures.transport.products.map(({ type, delivered }) => [type, delivered])),
    deadLettered: totals.deadLetters,
    hired: totals.hired,
    dismissed: totals.dismissed,
    seconds,
    itemsPerSecond: seconds > 0 ? totals.materials / seconds : 0,
    epochs,
    rejections,
    deadLetters,
  };
}

function count(byReason: Readonly<Record<string, number>>): number {
  return Object.values(byReason).reduce((total, number) => total + number, 0);
}
