/**
 * Sums over the departments' figures.
 *
 * @module
 */

import type { WorkshopFigures } from "../metrics/mod.ts";
import type { Totals } from "../operations/mod.ts";
import type { Departments, Figures } from "./departments.ts";
import type { Summary } from "./factory.ts";
import type { Patience } from "./patience.ts";

/** Before anybody has counted anything. */
export const NOTHING: Totals = {
  materials: 0,
  products: 0,
  retries: 0,
  deadLetters: 0,
  hired: 0,
  dismissed: 0,
  rejected: 0,
};

/** What a summary is made of. */
export interface Account extends Pick<Summary, "rejections" | "deadLetters"> {
  readonly figures: Figures;
}

/** Asks the departments. */
export async function accountOf(departments: Departments, patience: Patience): Promise<Account> {
  const { procurement, transport } = departments;
  const [figures, rejections, deadLetters] = await Promise.all([
    departments.figures(),
    patience.quick("procurement", procurement.calls.rejections()),
    patience.quick("transport", transport.calls.letters()),
  ]);
  return { figures, rejections, deadLetters };
}

/** Sums since the start. */
export function totalsOf({ procurement, workshops, transport }: Figures): Totals {
  const sum = (figure: (workshop: WorkshopFigures) => number) =>
    workshops.reduce((total, workshop) => total + figure(workshop), 0);
  return {
    materials: procurement.materials,
    products: transport.products.reduce((total, { delivered }) => total + delivered, 0),
    retries: sum(({ retries }) => retries),
    deadLetters: transport.deadLetters,
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
