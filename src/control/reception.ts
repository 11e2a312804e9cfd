import type { Clock } from "../core/mod.ts";
import type { Factory } from "../headquarters/mod.ts";
import type { Exposition } from "./exposition.ts";
import type { Seats } from "./seats.ts";

/** What every route works with. */
export interface Reception {
  readonly factory: Factory;
  readonly clock: Clock;
  readonly exposition: Exposition;
  /** Open event streams. */
  readonly streams: Seats;
  /** Materials being read from request bodies. */
  readonly ingestions: Seats;
  readonly bodyBytes: number;
  /** How long a body may take to come, or each line of one that goes on for ever. */
  readonly bodyMs: number;
  readonly heartbeatMs: number;
  /** Aborts when the control closes: every stream and every wait ends with it. */
  readonly closing: AbortSignal;
}
