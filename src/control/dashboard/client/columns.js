// @ts-check
/** Moments as the columns that a chart is drawn from. */

/** @import { Moment } from "../../../operations/mod.ts" */

/** @typedef {{ pick: (moment: Moment) => number | null }} Series */

/** Between two moments further apart than so many of their strides, the factory was away: a gap. */
const GAP_STRIDES = 3;

/**
 * Times and values in columns, with a hole wherever the factory was away.
 *
 * @param {readonly Moment[]} moments
 * @param {{ series: readonly Series[] }} spec
 * @returns {(number | null)[][]}
 */
export function columnsOf(moments, { series }) {
  const strides = moments.slice(1).map(({ at }, i) => at - moments[i].at).sort((a, b) => a - b);
  const stride = strides[strides.length >> 1] ?? 0;
  /** @type {(number | null)[][]} */
  const columns = [[], ...series.map(() => [])];
  moments.forEach((moment, i) => {
    const before = moments[i - 1];
    if (before !== undefined && moment.at - before.at > stride * GAP_STRIDES) {
      columns[0].push((before.at + stride) / 1_000);
      for (const column of columns.slice(1)) column.push(null);
    }
    columns[0].push(moment.at / 1_000);
    series.forEach(({ pick }, s) => columns[s + 1].push(pick(moment)));
  });
  return columns;
}
