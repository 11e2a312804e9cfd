/**
 * A van: the driver's way to one sink, with its retries.
 *
 * @module
 */

import { usedBytes } from "../batch/mod.ts";
import { type Clock, messageOf, SinkError } from "../core/mod.ts";
import { SINK_MS } from "../core/limits.ts";
import type { Histogram, ProductFigures } from "../metrics/mod.ts";
import type { Delivery, Sink, SinkContext, SinkWriter } from "../sinks/mod.ts";
import { Calls } from "./calls.ts";
import { Courier } from "./courier.ts";
import type { LoadedDelivery } from "./delivery.ts";
import { Retries } from "./retries.ts";

/** What a van is made with. */
export interface VanOptions {
  readonly sink: Sink;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Seconds per delivery. */
  readonly durations: Histogram;
  /** What was committed for the sink, and is on its way, will never be taken. */
  readonly onFailure?: (error: unknown) => void;
}

/**
 * Takes deliveries to a sink, one at a time, again and again until they are taken. A sink that has transactions of
 * its own gets them by courier, after the commit: here a delivery is taken when it is in the outbox.
 */
export class Van {
  readonly #options: VanOptions;
  /** Of what the driver waits for. */
  readonly #retries: Retries;
  /** Of what follows the commit. */
  readonly #deliveries: Retries;
  #context: SinkContext | undefined;
  #calls: Calls<SinkWriter> | undefined;
  #courier: Courier | undefined;

  constructor(options: VanOptions) {
    this.#options = options;
    const { sink, clock, signal } = options;
    const { patienceMs = Infinity } = sink;
    const named = (cause: unknown, what: string) => this.#named(cause, what);
    this.#retries = new Retries({ clock, signal, patienceMs, named });
    this.#deliveries = new Retries({ clock, signal, patienceMs, named });
  }

  get name(): string {
    const { name, guarantee } = this.#options.sink;
    const less = this.#calls?.writer.deliver && !this.#courier && guarantee === "exactly-once";
    return less ? `${name} (at least once: there is no data directory)` : name;
  }

  /** The worst of what is going on. */
  get state(): ProductFigures["sinkState"] {
    return this.#worst.state;
  }

  /** Whether deliveries join the store's transaction. */
  get transactional(): boolean {
    return this.#options.sink.guarantee === "exactly-once";
  }

  /** The last error, until a delivery succeeds. */
  get error(): string | null {
    return this.#worst.error;
  }

  /** When the trouble began that it is in, ms since 1970; null if there is none. */
  get since(): number | null {
    return this.#worst.since;
  }

  /** Failed attempts in this trouble. */
  get attempts(): number {
    return this.#worst.attempts;
  }

  /** Failed attempts since the start. */
  get errors(): number {
    return this.#retries.errors + this.#deliveries.errors;
  }

  /** Bytes that are committed and that the sink hasn't taken yet. */
  get outboxBytes(): number {
    return this.#courier?.bytes ?? 0;
  }

  /** @throws {SinkError} when the sink can't be opened */
  async open(context: SinkContext): Promise<void> {
    this.#context = context;
    const { sink, clock, signal } = this.#options;
    try {
      const writer = await sink.open(context);
      const joins = sink.guarantee === "exactly-once" && !writer.deliver;
      this.#calls = new Calls(writer, {
        clock,
        signal,
        timeoutMs: sink.timeoutMs ?? SINK_MS,
        // A call that goes on in secret must never write into a transaction that others have given up.
        reopen: joins ? undefined : () => sink.open(context),
        onAbandoned: (abandoned) => void Promise.resolve(abandoned.close()).catch(() => {}),
      });
      if (writer.deliver && context.store) await this.#sendCourier(writer, context);
      this.#retries.succeeded();
    } catch (cause) {
      this.#retries.state = "failed";
      throw this.#named(cause, "can't be opened");
    }
  }

  /** Resolves when the sink has taken the delivery. @throws {SinkError} when it is final, or patience is over */
  async deliver(delivery: Delivery): Promise<void> {
    const { clock, durations } = this.#options;
    if (this.#courier) return await this.#post(this.#courier, delivery as LoadedDelivery);
    const startedAt = clock.monotonic();
    await this.#retries.run(() =>
      this.#call((writer, call) => {
        this.#begin(writer);
        return writer.write(delivery, call);
      })
    );
    durations.record((clock.monotonic() - startedAt) / 1_000);
  }

  /** Makes what was delivered last; the epoch's commit follows. */
  async flush(): Promise<void> {
    const courier = this.#courier;
    if (courier === undefined) {
      return await this.#retries.run(() => this.#call((writer, call) => writer.flush?.(call)));
    }
    await courier.room();
    await this.#retries.run(() => {
      this.#context!.store!.begin();
      courier.forget();
    });
  }

  /** The epoch has been committed. */
  committed(epoch: number): void {
    this.#courier?.committed(epoch);
  }

  /** Resolves when the sink has everything that is committed. */
  async settled(): Promise<void> {
    await this.#courier?.idle();
  }

  async close(): Promise<void> {
    await this.#calls?.writer.close();
    if (this.#retries.state !== "failed") this.#retries.state = "closed";
    if (this.#deliveries.state !== "failed") this.#deliveries.state = "closed";
  }

  get #worst(): Retries {
    const both = [this.#retries, this.#deliveries];
    return both.find(({ state }) => state === "failed") ?? both.find(({ state }) => state === "retrying") ??
      both[0];
  }

  async #call(call: Parameters<Calls<SinkWriter>["run"]>[0]): Promise<void> {
    await this.#calls!.run(call);
  }

  /** Opens the store's transaction for a sink that writes into it. */
  #begin(writer: SinkWriter): void {
    if (this.#options.sink.guarantee === "exactly-once" && !writer.deliver) this.#context!.store?.begin();
  }

  async #post(courier: Courier, { type, loads }: LoadedDelivery): Promise<void> {
    await courier.room();
    let next = 0; // what is in is in, however often this is tried
    await this.#retries.run(() => {
      this.#context!.store!.begin();
      for (; next < loads.length; next++) {
        const { buffer } = loads[next];
        courier.put({ ...loads[next], type, buffer: buffer.slice(0, usedBytes(buffer)) });
      }
    });
  }

  async #sendCourier(writer: SinkWriter, { store, products }: SinkContext): Promise<void> {
    const { clock, signal, durations, onFailure } = this.#options;
    const courier = this.#courier = new Courier({
      outbox: store!.outbox,
      readers: new Map([...products].map(([type, codec]) => [type, codec.reader()])),
      deliver: async (epoch, deliveries) => {
        const startedAt = clock.monotonic();
        await this.#deliveries.run(() =>
          this.#call((writer, { signal, renew }) =>
            writer.deliver!(epoch, renewing(deliveries(), renew), { signal })
          )
        );
        durations.record((clock.monotonic() - startedAt) / 1_000);
      },
      onFailure: (error) => {
        if (!signal.aborted) onFailure?.(error);
      },
    });
    this.#deliveries.succeeded();
    courier.resume(await writer.lastEpoch?.() ?? 0);
  }

  #named(cause: unknown, what: string): SinkError {
    if (cause instanceof SinkError && cause.message.startsWith("sink ")) return cause; // it says so itself
    return new SinkError(`sink ${this.name} ${what}: ${messageOf(cause)}`, {
      fields: { sink: this.name, ...(cause instanceof SinkError ? cause.fields : {}) },
      cause,
    });
  }
}

/** With each delivery that is asked for, the call has got on. */
function* renewing(deliveries: Iterable<Delivery>, renew: () => void): Generator<Delivery> {
  for (const delivery of deliveries) {
    renew();
    yield delivery;
  }
}
