/**
 * Trying again.
 *
 * @module
 */

import { type Clock, messageOf, ShopfloorError, sleep } from "../core/mod.ts";
import { SINK_FIRST_WAIT_MS, SINK_LONGEST_WAIT_MS } from "../core/limits.ts";
import type { ProductFigures } from "../metrics/mod.ts";

/** What retries are made with. */
export interface RetriesOptions {
  readonly clock: Clock;
  /** Ends the trying. */
  readonly signal: AbortSignal;
  /** How long to try one thing. */
  readonly patienceMs: number;
  /** The error of somebody who gives up. */
  readonly named: (cause: unknown, what: string) => Error;
}

/** Tries one thing after the other, each again and again with longer and longer waits, and says how it goes. */
export class Retries {
  readonly #options: RetriesOptions;
  state: ProductFigures["sinkState"] = "opening";
  /** What the last attempt said, until one succeeds. */
  error: string | null = null;
  /** When the trouble began that hasn't ended, ms since 1970. */
  since: number | null = null;
  /** Failed attempts in this trouble. */
  attempts = 0;
  /** Failed attempts since the start. */
  errors = 0;

  constructor(options: RetriesOptions) {
    this.#options = options;
  }

  /** Settles as the attempt does that succeeds, or is the last. An error with `fields.final` is one. */
  async run<T>(attempt: () => T | Promise<T>): Promise<T> {
    const { clock, signal, patienceMs } = this.#options;
    const startedAt = clock.monotonic();
    for (let waitMs = SINK_FIRST_WAIT_MS;; waitMs = Math.min(SINK_LONGEST_WAIT_MS, waitMs * 2)) {
      try {
        const result = await attempt();
        this.succeeded();
        return result;
      } catch (cause) {
        signal.throwIfAborted(); // what failed because of the closing says nothing about the sink
        this.#failed(cause);
        const over = clock.monotonic() - startedAt + waitMs > patienceMs;
        if (over || isFinal(cause)) throw this.#giveUp(cause);
        await sleep(clock, waitMs, signal);
      }
    }
  }

  /** All is well. */
  succeeded(): void {
    this.state = "ok";
    this.error = this.since = null;
    this.attempts = 0;
  }

  #failed(cause: unknown): void {
    this.errors++;
    this.attempts++;
    this.error = messageOf(cause);
    this.since ??= this.#options.clock.now();
    this.state = "retrying";
  }

  #giveUp(cause: unknown): Error {
    const { named, patienceMs } = this.#options;
    this.state = "failed";
    return named(cause, isFinal(cause) ? "refuses" : `failed for ${patienceMs / 1_000} s`);
  }
}

/** Whether trying again is of no use. What the store gave up isn't there to be tried again. */
function isFinal(cause: unknown): boolean {
  return cause instanceof ShopfloorError &&
    (cause.fields.final === true || cause.code === "STORE_ROLLED_BACK" || cause.code === "STORE_DAMAGED");
}
