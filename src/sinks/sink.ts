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
  /** The workshop that shipped them. */
  readonly workshop: number;
  /**
   * The same however often this delivery is tried: the epoch, the workshop and since when it has been there, and the
   * sequence number on its conveyor. Never the same for other products.
   */
  readonly idempotencyKey: string;
}

/** One call of a sink's writer. */
export interface SinkCall {
  /** Aborts when the call is overdue, or the factory closes: nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/**
 * An open sink. Calls never overlap.
 *
 * A call that takes longer than the sink's `timeoutMs` has failed: its signal aborts, and what becomes of it is of
 * no interest. The next call waits until it has settled. One that doesn't settle in as long again costs the writer:
 * the sink is opened anew, and the old writer is closed when its call settles, if ever. That never happens to a
 * writer that writes into the embedded store's transaction.
 *
 * A writer with {@link deliver} has transactions of its own. In a factory with a data directory its products go
 * into the store's outbox with the epoch's commit, and from there to `deliver`, an epoch at a time, in order; `write`
 * and `flush` are not called. In a factory without one `write` is called, and the guarantee is `at-least-once`.
 */
export interface SinkWriter {
  /**
   * Takes a delivery; returning means that it is taken (for a transactional sink: that it will be, with the
   * epoch's commit). A throw means that nothing of it may be counted on: the driver tries again.
   *
   * @param call what the driver knows about this call; tests may leave it out
   */
  write(delivery: Delivery, call?: SinkCall): void | Promise<void>;
  /** Makes everything written so far last (flush, fsync), before its epoch is recorded as committed. */
  flush?(call?: SinkCall): void | Promise<void>;
  /**
   * Takes all products of an epoch that has been committed, and remembers the epoch, in one transaction. What it has
   * already, from a call whose success nobody heard of, it leaves out. Between two deliveries it may take as long as
   * the sink's `timeoutMs`.
   */
  deliver?(epoch: number, deliveries: Iterable<Delivery>, call?: SinkCall): Promise<void>;
  /** The last epoch that it has remembered, 0 if none: it needs nothing up to this one. Goes with {@link deliver}. */
  lastEpoch?(): number | Promise<number>;
  /** Lets go of everything; may be called more than once. */
  close(): void | Promise<void>;
}

/** How long the driver waits for a sink; every sink takes these as options. */
export interface SinkPatience {
  /** How long one call may take before it has failed, ms. Default 300,000. */
  readonly timeoutMs?: number;
  /**
   * How long a delivery is tried, again and again, before the factory fails, ms. Default: for ever, with the sink's
   * state on `/readyz` and back-pressure to the source.
   */
  readonly patienceMs?: number;
}

/** Where products go. */
export interface Sink extends SinkPatience {
  /** For people: `sqlite`, `ndjson alarms.ndjson`. */
  readonly name: string;
  /**
   * `exactly-once`: writes join the embedded store's transaction, or the writer has transactions of its own, which
   * follow it. `at-least-once`: a delivery that failed comes again, with the same idempotency key; what a crash took
   * is made again, and delivered with keys of its own.
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
