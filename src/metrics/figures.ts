/**
 * What each department tells the operator about itself: plain data, counted per batch, totals since the start.
 *
 * @module
 */

import type { HistogramSnapshot } from "./histogram.ts";
import type { HotKey } from "./hot_keys.ts";
import type { ServiceFigures } from "./service_figures.ts";

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
  /** Items that wait for credit, if the line may be overdrawn. */
  backlogItems?: number;
  /** Bytes of the batches in which they wait. */
  backlogBytes?: number;
}

/** A class of a blueprint with an affinity. */
export interface ClassFigures {
  /** As the blueprint declares it; `block 3` where it declares none. */
  name: string;
  /** Its items on lines since the start. */
  materials: number;
  /** The workshops that serve it, which may serve others as well. */
  workshops: number[];
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
  /** Missing without an affinity. */
  classes?: ClassFigures[];
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
  /** The key with the most items of late, from a sample; null while too few have come. */
  hotKey: HotKey | null;
  heapBytes: number;
  /** The services that its workers call; missing if it says nothing of them. */
  services?: ServiceFigures[];
}

/** One product type in the warehouse. */
export interface ProductFigures {
  /** Product type, as the blueprint names it. */
  type: string;
  /** Products that are shipped and that the sink has not taken yet. */
  waiting: number;
  /** Bytes of the batches that they wait in. */
  waitingBytes: number;
  /** Age of the oldest product that waits, 0 if none does. */
  oldestMs: number;
  /** Products that the sink has taken since the start; failed attempts don't count. */
  delivered: number;
  /** When the sink last took some, ms since 1970; null if it never has. */
  lastDeliveryAt: number | null;
  /** Name of the sink. Types with the same sink share its state, error and count of errors. */
  sink: string;
  /** `retrying` from a failed delivery until one succeeds; `failed` is final, and the factory's end. */
  sinkState: "opening" | "ok" | "retrying" | "failed" | "closed";
  /** What the last failed delivery said; null once one has succeeded. */
  sinkError: string | null;
  /** Failed attempts to deliver since the start. */
  deliveryErrors: number;
  /** More about the trouble that the sink is in; missing if transport says nothing of it. */
  sinkTrouble?: SinkTrouble;
}

/** How long a sink has been in trouble, and what waits for it. */
export interface SinkTrouble {
  /** When the trouble began, ms since 1970; null if there is none. */
  since: number | null;
  /** Failed attempts in this trouble; 0 if there is none. */
  attempts: number;
  /** Bytes of products that are committed and wait in the outbox for a sink with transactions of its own. */
  outboxBytes: number;
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
