/**
 * Finds endpoints that fail more than the others.
 *
 * @module
 */

import { OUTLIER_CALLS } from "../core/limits.ts";

/** What an endpoint did between two audits. */
export interface Conduct {
  readonly calls: number;
  /** Of these, the ones that failed by the endpoint's fault. */
  readonly failures: number;
  /** It is left out already. */
  readonly ejected: boolean;
}

/** So much more of its calls than of the others' an outlier fails: less may be chance. */
const EXCESS = 0.2;

/**
 * Which endpoints to leave out: those that fail a fifth more of their calls than the median of all. Never more than
 * half are out, because when most fail it isn't they who are different.
 *
 * @returns their indices, the worst first
 */
export function outliers(conducts: readonly Conduct[]): number[] {
  const judged = conducts
    .map(({ calls, failures, ejected }, index) => ({ index, calls, ejected, share: failures / calls }))
    .filter(({ calls, ejected }) => calls >= OUTLIER_CALLS && !ejected);
  const median = lowerMedian(judged.map(({ share }) => share));
  const room = Math.floor(conducts.length / 2) - conducts.filter(({ ejected }) => ejected).length;
  return judged
    .filter(({ share }) => share >= median + EXCESS)
    .sort((a, b) => b.share - a.share)
    .slice(0, Math.max(0, room))
    .map(({ index }) => index);
}

/** Of two in the middle the lower, so that of two endpoints the worse can be found. */
function lowerMedian(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}
