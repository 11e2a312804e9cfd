/**
 * An asynchronous turn under way.
 *
 * @module
 */

import type { Ship } from "../blueprint/mod.ts";
import { type ClosedError, type DeadlineError, ItemError } from "../core/mod.ts";
import type { Shipment } from "./conveyor.ts";
import type { Job } from "./job.ts";
import type { KeyedWorker } from "./worker.ts";
import type { WatchedTurn } from "./supervisor.ts";

/** Whom a turn calls back: the same for all of a workshop's. */
export interface TurnHost {
  /** Checks and copies a product. @throws {ItemError} */
  keep(type: string, product: unknown): Shipment;
  /** The deadline has come. */
  overdue(turn: Turn, error: DeadlineError): void;
}

/** What a turn is about. */
export interface TurnParts {
  readonly worker: KeyedWorker;
  readonly job: Job;
  /** The worker's state before the turn. */
  readonly saved: unknown;
  /** `clock.monotonic()` */
  readonly startedAt: number;
}

/** What all turns have shipped at first. */
const NOTHING: Shipment[] = [];

/** Keeps what a turn ships until it ends. */
export class Turn implements WatchedTurn {
  readonly worker: KeyedWorker;
  readonly job: Job;
  readonly saved: unknown;
  readonly startedAt: number;
  shipments: Shipment[] = NOTHING;
  /** Ended, well or not: whatever it still does reaches no one. */
  over = false;
  readonly #host: TurnHost;

  constructor(host: TurnHost, { worker, job, saved, startedAt }: TurnParts) {
    this.#host = host;
    this.worker = worker;
    this.job = job;
    this.saved = saved;
    this.startedAt = startedAt;
  }

  /** Ships for this turn, and for no later one. */
  readonly ship: Ship<Record<string, unknown>> = (type, product) => {
    if (this.over) {
      throw new ItemError(`ship: "${type}" was shipped after its turn had ended`, { fields: { type } });
    }
    const shipment = this.#host.keep(type, product);
    if (this.shipments === NOTHING) this.shipments = [shipment]; // pushing would make room for seventeen
    else this.shipments.push(shipment);
  };

  overdue(error: DeadlineError): void {
    this.#host.overdue(this, error);
  }

  abandon(error: ClosedError): void {
    this.over = true;
    this.worker.abort(error);
  }
}

/** Whether a turn is still under way. Whatever else it may have returned says nothing. */
export function goesOn(result: unknown): result is PromiseLike<void> {
  return typeof result === "object" && result !== null &&
    typeof (result as Partial<PromiseLike<void>>).then === "function";
}
