/**
 * Sums since the start of the factory, over departments that may have been replaced meanwhile.
 *
 * @module
 */

import type { ProcurementFigures, WorkshopFigures } from "../metrics/mod.ts";
import type { Totals } from "./inspection.ts";

/** What is summed over the workshops. */
export type WorkshopTotals = Pick<
  WorkshopFigures,
  "products" | "retries" | "deadLetters" | "hired" | "dismissed"
>;

/** The beginning. */
export const NO_TOTALS: WorkshopTotals = {
  products: 0,
  retries: 0,
  deadLetters: {},
  hired: 0,
  dismissed: {},
};

/** `totals` and what a workshop has counted since its start. */
export function addWorkshop(totals: WorkshopTotals, figures: WorkshopTotals): WorkshopTotals {
  return {
    products: totals.products + figures.products,
    retries: totals.retries + figures.retries,
    deadLetters: addReasons(totals.deadLetters, figures.deadLetters),
    hired: totals.hired + figures.hired,
    dismissed: addReasons(totals.dismissed, figures.dismissed),
  };
}

/** With what procurement has admitted and refused. */
export function totalsOf(totals: WorkshopTotals, figures: ProcurementFigures | undefined): Totals {
  return {
    materials: figures?.materials ?? 0,
    rejected: figures?.rejected ?? 0,
    ...totals,
    deadLetters: sum(Object.values(totals.deadLetters)),
    dismissed: sum(Object.values(totals.dismissed)),
  };
}

/** The sum of all numbers. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function addReasons(
  total: Readonly<Record<string, number>>,
  more: Readonly<Record<string, number>>,
): Record<string, number> {
  const added = { ...total };
  for (const [reason, count] of Object.entries(more)) added[reason] = (added[reason] ?? 0) + count;
  return added;
}
