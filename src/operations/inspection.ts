/**
 * The operator's report of one second: what `factory.inspections()` yields and `/v1/inspections/latest` answers.
 *
 * @module
 */

import type { ProductFigures } from "../metrics/mod.ts";
import type { Alarm } from "./alarm.ts";
import type { ClassReport } from "./class_report.ts";
import type { LineReport, WorkshopReport } from "./floor_report.ts";
import type { ServiceReport } from "./service_report.ts";
import type { Staffing } from "./staffing.ts";
import type { Totals } from "./totals.ts";

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
