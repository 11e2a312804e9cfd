/**
 * Lines and workshops, inspected.
 *
 * @module
 */

import type { HotKey } from "../metrics/mod.ts";

/** How hard a line pushes back on procurement. */
export type BackPressure = "ok" | "low" | "high";

/** A line, inspected. */
export interface LineReport {
  /** Id of the workshop that the line leads to. */
  workshop: number;
  /** In flight: sent, and the workshop has not yet given their credit back. */
  batches: number;
  /** Items in these batches. */
  items: number;
  /** Bytes of these batches. */
  bytes: number;
  /** Most batches in flight: the credit that the workshop has granted. */
  capacityBatches: number;
  /** Age of the oldest batch in flight, 0 if none. */
  oldestMs: number;
  /**
   * `high`: waiting for lines is most of what procurement does, and this one is why; `low`: it is noticeable, or
   * the line is nearly full.
   */
  backPressure: BackPressure;
  /** Share of the last second that procurement waited for this line's credit, 0 to 1. */
  blocked: number;
  /** Sent over the last second. */
  itemsPerSecond: number;
}

/** A workshop, inspected. */
export interface WorkshopReport {
  /** Counts from 0. */
  id: number;
  /**
   * `silent`: hasn't answered the operator for two seconds, or ever; `failed`: answered with an error. Its rates are
   * then 0, its other figures the last that are known.
   */
  state: "ok" | "silent" | "failed";
  /** How many of the 256 slots that keys hash to it serves. */
  slots: number;
  /** Live workers. */
  workers: number;
  /** Share of the last second at work, 0 to 1. */
  busy: number;
  /** Items handed to workers over the last second. */
  itemsPerSecond: number;
  /** Median and 99th percentile of the last second's turns (synchronous ones: a sample); 0 if there were none. */
  turnMs: { p50: number; p99: number };
  /** How often another has taken its place. */
  restarts: number;
  /** Heap in use, of its Web Worker where the runtime tells them apart, else of the process. */
  heapBytes: number;
  /** Items on workers' belts, without those under way. */
  belted: number;
  /** Asynchronous turns under way. */
  inFlight: number;
  /** The key with the most items of late and its share of them, 0 to 1, from a sample; null while too few have come. */
  hotKey: HotKey | null;
}
