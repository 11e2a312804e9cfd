/**
 * What each department tells the operator about itself: plain data, counted per batch, totals since the start.
 *
 * @module
 */

import type { HistogramSnapshot } from "./histogram.ts";

/** A line or conveyor, as its sender sees it. */
export interface LineFigures {
  /** Sent and not yet credited back. */
  batches: number;
  items: number;
  bytes: number;
  /** Most batches in flight. */
  capacityBatches: number;
  /** Age of the oldest batch in flight, 0 if none. */
  oldestMs: number;
  /** Sent since the start. */
  sentItems: number;
  sentBatches: number;
  /** Time that the sender has waited for credit since the start. */
  blockedMs: number;
}

/** Procurement, with one line for each workshop. */
export interface ProcurementFigures {
  source: string;
  state: "opening" | "buying" | "paused" | "ended" | "failed" | "closed";
  /** Admitted since the start. */
  materials: number;
  rejected: number;
  /** Items handed over by push and not yet admitted. */
  pushWaiting: number;
  ratePerSecond: number | null;
  /** Offset behind the last admitted item. */
  offset: unknown;
  /** The epoch under way. */
  epoch: number;
  /** Busy time since the start (CPU at work, not waiting). */
  busyMs: number;
  lines: LineFigures[];
}

/** A workshop. */
export interface WorkshopFigures {
  id: number;
  slots: number;
  /** Live workers. */
  workers: number;
  hired: number;
  dismissed: Record<string, number>;
  materials: number;
  products: number;
  retries: number;
  deadLetters: Record<string, number>;
  /** Items on belts. */
  belted: number;
  /** Asynchronous turns under way. */
  inFlight: number;
  busyMs: number;
  /** Turn durations, seconds (synchronous turns: a sample). */
  turns: HistogramSnapshot;
  /** From bought to shipped, seconds. */
  latency: HistogramSnapshot;
  conveyor: LineFigures;
  heapBytes: number;
}

/** One product type in the warehouse. */
export interface ProductFigures {
  type: string;
  waiting: number;
  waitingBytes: number;
  oldestMs: number;
  delivered: number;
  lastDeliveryAt: number | null;
  sink: string;
  sinkState: "opening" | "ok" | "retrying" | "failed" | "closed";
  sinkError: string | null;
  deliveryErrors: number;
}

/** Transport. */
export interface TransportFigures {
  products: ProductFigures[];
  items: number;
  bytes: number;
  capacityBytes: number;
  deadLetters: number;
  busyMs: number;
  committedEpoch: number;
  /** Seconds. */
  deliveries: HistogramSnapshot;
  epochs: HistogramSnapshot;
}
