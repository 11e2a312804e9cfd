/**
 * The sink contract: where products go. A sink is a description; the driver in the transport department opens it
 * and writes deliveries to it.
 *
 * @module
 */

import type { Clock, Settings } from "../core/mod.ts";
import type { ProductCodec } from "../batch/mod.ts";
import type { Store } from "../store/mod.ts";

/** What a sink is opened with. */
export interface SinkContext {
  /** The settings handed to the factory. */
  readonly settings: Settings;
  /** The product types that go to this sink, each with its columns. */
  readonly products: ReadonlyMap<string, ProductCodec>;
  /** The embedded store, if the factory has a data directory. */
  readonly store: Store | undefined;
  /** Aborts when the factory closes. */
  readonly signal: AbortSignal;
  /** The factory's time. */
  readonly clock: Clock;
}

/** Products of one type, in the order in which each key shipped them. */
export interface Delivery {
  /** The product type. */
  readonly type: string;
  /** How many products. */
  readonly count: number;
  /** The products as plain objects; decoded at first use, the same array every time. */
  readonly products: readonly unknown[];
  /** The key of each product; decoded at first use. */
  readonly keys: readonly string[];
  /** When each batch of them was shipped, ms since 1970: the latest. */
  readonly at: number;
  /** The epoch they belong to. */
  readonly epoch: number;
  /** The same for the same products however often they are delivered: `epoch-workshop-sequence`. */
  readonly idempotencyKey: string;
}

/** An open sink. Calls never overlap. */
export interface SinkWriter {
  /**
   * Takes a delivery; returning means that it is taken (for a transactional sink: that it will be, with the
   * epoch's commit). A throw means that nothing of it may be counted on: the driver tries again.
   */
  write(delivery: Delivery): void | Promise<void>;
  /** Makes everything written so far last (flush, fsync), before its epoch is recorded as committed. */
  flush?(): void | Promise<void>;
  /** Lets go of everything; may be called more than once. */
  close(): void | Promise<void>;
}

/** Where products go. */
export interface Sink {
  /** For people: `sqlite`, `ndjson alarms.ndjson`. */
  readonly name: string;
  /**
   * `exactly-once`: writes join the embedded store's transaction. `at-least-once`: after a failure a delivery may
   * come again, with the same idempotency key.
   */
  readonly guarantee: "exactly-once" | "at-least-once";
  /** True when it writes to standard output, which the command line then leaves to it. */
  readonly standardOutput?: boolean;
  /**
   * Called by the transport department, once for all product types that go to this sink.
   *
   * @throws {SinkError} when it can't be opened
   */
  open(context: SinkContext): SinkWriter | Promise<SinkWriter>;
}
