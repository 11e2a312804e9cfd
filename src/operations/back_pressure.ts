/**
 * How hard a line pushes back.
 *
 * @module
 */

import type { BackPressure } from "./floor_report.ts";

/**
 * Share of the time beyond which waiting for credit counts: a tenth. Flink draws its line between OK and LOW there
 * too; below, it is the ordinary hiccup of a busy line.
 */
export const BLOCKED = 0.1;

/** Share of the time beyond which waiting is most of what procurement does: half, Flink's line to HIGH. */
const MOSTLY_BLOCKED = 0.5;

/** Share of its batches in flight from which a line counts as full: one more gust and its sender waits. */
const FULL = 0.75;

/** What is known of a line. */
export interface LinePressure {
  /** Share of the last second that procurement waited for this line. */
  readonly blocked: number;
  /** The same, all lines together: procurement waits for one line at a time. */
  readonly waiting: number;
  readonly batches: number;
  readonly capacityBatches: number;
}

/**
 * `high` when procurement spends most of its time waiting for this line, or for one line after another of which
 * this full one is one (so that the evenly loaded lines of many workshops are all `high`, though each has only its
 * share of the wait); `low` when it waits noticeably, or the line is full; `ok` otherwise.
 */
export function backPressure({ blocked, waiting, batches, capacityBatches }: LinePressure): BackPressure {
  const full = capacityBatches > 0 && batches / capacityBatches >= FULL;
  if (blocked > MOSTLY_BLOCKED || full && waiting > MOSTLY_BLOCKED) return "high";
  return blocked > BLOCKED || full ? "low" : "ok";
}
