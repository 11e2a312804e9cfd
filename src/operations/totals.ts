/**
 * Sums since the start of the factory, over departments that may have been replaced meanwhile.
 *
 * They are of work done, not of its outcome. The last figures of a department that is gone stay in them, and what
 * another does in its place comes on top: items that weren't committed are bought, turned and shipped again, and
 * workers that come back are hired again. They are therefore never below what has been committed, but for what a
 * department did between its last answer and its end, at most about a second's work; and no more above it than what
 * was open when somebody died. An operator that is replaced itself begins with what the others still know. What a
 * factory has made is told by its store and its sinks, not by these sums.
 *
 * @module
 */

import type { ProcurementFigures, WorkshopFigures } from "../metrics/mod.ts";

/** Sums since the start. */
export interface Totals {
  /** Items admitted, from the source and pushed. */
  materials: number;
  /** Products shipped, in an inspection; delivered to their sinks, in a factory's status. */
  products: number;
  /** Further attempts after failed turns. */
  retries: number;
  /** Items, timers and dismissals that were given up. */
  deadLetters: number;
  /** Workers hired, those among them that came back to a kept state. */
  hired: number;
  /** Workers dismissed, whatever the reason. */
  dismissed: number;
  /** Items that never got to a worker: unreadable, or not what the schema wants. */
  rejected: number;
}

/** What is summed over procurement and the workshops. */
export interface Sums
  extends
    Pick<ProcurementFigures, "materials" | "rejected">,
    Pick<WorkshopFigures, "products" | "retries" | "deadLetters" | "hired" | "dismissed"> {}

/** The beginning. */
export const NO_SUMS: Sums = {
  materials: 0,
  rejected: 0,
  products: 0,
  retries: 0,
  deadLetters: {},
  hired: 0,
  dismissed: {},
};

/** `sums` and what a workshop has counted since its start. */
export function addWorkshop(sums: Sums, figures: WorkshopFigures): Sums {
  return {
    ...sums,
    products: sums.products + figures.products,
    retries: sums.retries + figures.retries,
    deadLetters: addReasons(sums.deadLetters, figures.deadLetters),
    hired: sums.hired + figures.hired,
    dismissed: addReasons(sums.dismissed, figures.dismissed),
  };
}

/** `sums` and what procurement has admitted and refused since its start. */
export function addProcurement(sums: Sums, figures: ProcurementFigures): Sums {
  return {
    ...sums,
    materials: sums.materials + figures.materials,
    rejected: sums.rejected + figures.rejected,
  };
}

/** `sums` and what departments have counted since their start, those that have answered. */
export function addDepartments(
  sums: Sums,
  { procurement, workshops }: {
    readonly procurement: ProcurementFigures | undefined;
    readonly workshops: readonly WorkshopFigures[];
  },
): Sums {
  return workshops.reduce(addWorkshop, procurement ? addProcurement(sums, procurement) : sums);
}

/** The sums, with reasons summed up. */
export function totalsOf(sums: Sums): Totals {
  return {
    ...sums,
    deadLetters: sum(Object.values(sums.deadLetters)),
    dismissed: sum(Object.values(sums.dismissed)),
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
