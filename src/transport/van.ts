/**
 * A van: the driver's way to one sink, with its retries.
 *
 * @module
 */

import { type Clock, messageOf, SinkError, sleep } from "../core/mod.ts";
import { DELIVERY_PATIENCE_MS } from "../core/limits.ts";
import type { Histogram, ProductFigures } from "../metrics/mod.ts";
import type { Delivery, Sink, SinkContext, SinkWriter } from "../sinks/mod.ts";

/** What a van is made with. */
export interface VanOptions {
  readonly sink: Sink;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Seconds per delivery. */
  readonly durations: Histogram;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** Takes deliveries to a sink, one at a time, again and again until they are taken. */
export class Van {
  readonly #options: VanOptions;
  #writer: SinkWriter | undefined;
  state: ProductFigures["sinkState"] = "opening";
  /** The last error, until a delivery succeeds. */
  error: string | null = null;
  /** Failed attempts since the start. */
  errors = 0;

  constructor(options: VanOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.sink.name;
  }

  /** Whether deliveries join the store's transaction. */
  get transactional(): boolean {
    return this.#options.sink.guarantee === "exactly-once";
  }

  /** @throws {SinkError} when the sink can't be opened */
  async open(context: SinkContext): Promise<void> {
    try {
      this.#writer = await this.#options.sink.open(context);
      this.state = "ok";
    } catch (cause) {
      this.state = "failed";
      throw this.#named(cause, "can't be opened");
    }
  }

  /** Resolves when the sink has taken the delivery. @throws {SinkError} when it is final, or patience is over */
  async deliver(delivery: Delivery): Promise<void> {
    const { clock, durations } = this.#options;
    const startedAt = clock.monotonic();
    await this.#insist(() => this.#writer!.write(delivery));
    durations.record((clock.monotonic() - startedAt) / 1_000);
  }

  /** Makes what was delivered last. */
  flush(): Promise<void> {
    return this.#insist(() => this.#writer!.flush?.());
  }

  async close(): Promise<void> {
    await this.#writer?.close();
    if (this.state !== "failed") this.state = "closed";
  }

  async #insist(attempt: () => void | Promise<void>): Promise<void> {
    const { clock, signal } = this.#options;
    const startedAt = clock.monotonic();
    for (let waitMs = FIRST_WAIT_MS;; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      try {
        await attempt();
        this.state = "ok";
        this.error = null;
        return;
      } catch (cause) {
        this.errors++;
        this.error = messageOf(cause);
        const final = cause instanceof SinkError && cause.fields.final === true;
        if (final || clock.monotonic() - startedAt + waitMs > DELIVERY_PATIENCE_MS) {
          this.state = "failed";
          throw this.#named(cause, final ? "refuses" : `failed for ${DELIVERY_PATIENCE_MS / 1_000} s`);
        }
        this.state = "retrying";
        await sleep(clock, waitMs, signal);
      }
    }
  }

  #named(cause: unknown, what: string): SinkError {
    if (cause instanceof SinkError && cause.message.startsWith("sink ")) return cause; // it says so itself
    return new SinkError(`sink ${this.name} ${what}: ${messageOf(cause)}`, {
      fields: { sink: this.name, ...(cause instanceof SinkError ? cause.fields : {}) },
      cause,
    });
  }
}
