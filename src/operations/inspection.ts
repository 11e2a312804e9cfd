/**
 * The operator's report of one second: what `factory.inspections()` yields and `/v1/inspections/latest` answers.
 *
 * @module
 */

import type { HotKey, ProductFigures } from "../metrics/mod.ts";
import type { Alarm } from "./alarm.ts";
import type { ClassReport } from "./class_report.ts";
import type { ServiceReport } from "./service_report.ts";
import type { Staffing } from "./staffing.ts";

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

/** One inspection. */
export interface Inspection {
  /** ms since 1970. */
  at: number;
  /** Materials processed per second, all workshops. */
  itemsPerSecond: number;
  /** Products shipped per second, all workshops. */
  productsPerSecond: number;
  /** Materials bought per second. */
  boughtPerSecond: number;
  /** Live workers. */
  workers: number;
  /** Since the start, over departments that are gone too: of work done, some of which was done twice then. */
  totals: Totals;
  /** From bought to shipped, over the last second; 0 if nothing was shipped. */
  latencyMs: { p50: number; p99: number };
  /** One for each workshop, in the same order. */
  lines: LineReport[];
  /** In the order of their ids. */
  workshops: WorkshopReport[];
  /** One for each class; missing unless the blueprint has an affinity. */
  classes?: ClassReport[];
  /** One for each service that the blueprint names; missing if it names none. */
  services?: ServiceReport[];
  /** Products on their way to the sinks. When they come to `capacityBytes`, workshops wait. */
  warehouse: { items: number; bytes: number; capacityBytes: number; products: ProductFigures[] };
  /**
   * `state` is procurement's own, or `silent` or `failed` as a workshop's; `offset` lies behind the last admitted
   * item; `pushWaiting` are pushed items that are not admitted yet; `busy` is a share of the last second, 0 to 1.
   */
  procurement: {
    source: string;
    state: string;
    offset: unknown;
    ratePerSecond: number | null;
    pushWaiting: number;
    busy: number;
  };
  /** `busy` is the share of the last second that deliveries took, 0 to 1. */
  transport: { busy: number };
  /** The epoch that items are admitted to, and the last that is committed. */
  epoch: { current: number; committed: number };
  /** What limits the throughput: `source`, `procurement`, `workshop 2`, `service scales`, `transport`, `sink average`; null if nothing. */
  bottleneck: string | null;
  /** The bottleneck in words, with what to do about it. */
  advice: string;
  /** Resident memory of the process, every department together. */
  memoryBytes: number;
  /** How many workshops there should be, and why; null if the operator may not change their number. */
  staffing: Staffing | null;
  /** What is wrong, the longest first; empty if all is well. */
  alarms: Alarm[];
}
