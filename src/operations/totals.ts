/**
 * Sums since the start of the factory, over departments that may have been replaced meanwhile.
 *
 * @module
 */

import type { ProcurementFigures, WorkshopFigures } from "../metrics/mod.ts";
import type { Totals } from "./inspection.ts";

/** What is summed over the workshops. */
export type WorkshopTotals = Omit<Totals, "materials" | "rejected">;

/** The beginning. */
export const NO_TOTALS: WorkshopTotals = { products: 0, retries: 0, deadLetters: 0, hired: 0, dismissed: 0 };

/** `totals` and what a workshop has counted since its start. */
export function addWorkshop(totals: WorkshopTotals, figures: WorkshopFigures): WorkshopTotals {
  return {
    products: totals.products + figures.products,
    retries: totals.retries + figures.retries,
    deadLetters: totals.deadLetters + sum(Object.values(figures.deadLetters)),
    hired: totals.hired + figures.hired,
    dismissed: totals.dismissed + sum(Object.values(figures.dismissed)),
  };
}

/** With what procurement has admitted and refused. */
export function withProcurement(totals: WorkshopTotals, figures: ProcurementFigures | undefined): Totals {
  return { materials: figures?.materials ?? 0, rejected: figures?.rejected ?? 0, ...totals };
}

/** The sum of all numbers. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
