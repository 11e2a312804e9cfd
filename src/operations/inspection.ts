/**
 * The operator's report of one second: what `factory.inspections()` yields and `/v1/inspections/latest` answers.
 *
 * @module
 */

import type { ProductFigures } from "../metrics/mod.ts";

/** How hard a line pushes back on procurement. */
export type BackPressure = "ok" | "low" | "high";

/** A line, inspected. */
export interface LineReport {
  workshop: number;
  batches: number;
  items: number;
  bytes: number;
  capacityBatches: number;
  oldestMs: number;
  backPressure: BackPressure;
  /** Share of the last second that procurement waited for this line's credit, 0 to 1. */
  blocked: number;
  itemsPerSecond: number;
}

/** A workshop, inspected. */
export interface WorkshopReport {
  id: number;
  state: "ok" | "silent" | "failed";
  slots: number;
  workers: number;
  /** Share of the last second at work, 0 to 1. */
  busy: number;
  itemsPerSecond: number;
  turnMs: { p50: number; p99: number };
  restarts: number;
  heapBytes: number;
  belted: number;
  inFlight: number;
}

/** Sums since the start. */
export interface Totals {
  materials: number;
  products: number;
  retries: number;
  deadLetters: number;
  hired: number;
  dismissed: number;
  rejected: number;
}

/** One inspection. */
export interface Inspection {
  /** ms since 1970. */
  at: number;
  /** Materials processed per second, all workshops. */
  itemsPerSecond: number;
  productsPerSecond: number;
  /** Materials bought per second. */
  boughtPerSecond: number;
  /** Live workers. */
  workers: number;
  totals: Totals;
  /** From bought to shipped, over the last second; 0 if nothing was shipped. */
  latencyMs: { p50: number; p99: number };
  lines: LineReport[];
  workshops: WorkshopReport[];
  warehouse: { items: number; bytes: number; capacityBytes: number; products: ProductFigures[] };
  procurement: {
    source: string;
    state: string;
    offset: unknown;
    ratePerSecond: number | null;
    pushWaiting: number;
    busy: number;
  };
  transport: { busy: number };
  epoch: { current: number; committed: number };
  /** What limits the throughput: `source`, `procurement`, `workshop 2`, `transport`, `sink average`; null if nothing. */
  bottleneck: string | null;
  /** The bottleneck in words, with what to do about it. */
  advice: string;
  memoryBytes: number;
}
