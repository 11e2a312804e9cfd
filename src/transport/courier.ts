/**
 * The courier: brings committed epochs from the outbox to a sink with transactions of its own.
 *
 * @module
 */

import type { BatchReader } from "../batch/mod.ts";
import { DELIVERY_BYTES, DELIVERY_ROWS, OUTBOX_BYTES } from "../core/limits.ts";
import { messageOf, SinkError } from "../core/mod.ts";
import type { Delivery } from "../sinks/mod.ts";
import type { Outbox, OutboxBatch } from "../store/mod.ts";
import { LoadedDelivery } from "./delivery.ts";

/** What a courier is made with. */
export interface CourierOptions {
  readonly outbox: Outbox;
  /** Of each product type that goes to the sink. */
  readonly readers: ReadonlyMap<string, BatchReader>;
  /** Resolves when the sink has the whole epoch. Each call of `deliveries` begins at its beginning. */
  readonly deliver: (epoch: number, deliveries: () => Iterable<Delivery>) => Promise<void>;
  /** The sink will never take it. */
  readonly onFailure: (error: unknown) => void;
  /** Bytes that may wait. Default {@link OUTBOX_BYTES}. */
  readonly capacityBytes?: number;
}

/**
 * Takes one epoch after the other, in their order, while the driver is busy with later ones.
 *
 * Invariant: an epoch is brought to the sink only after it has been committed here, and leaves the outbox only with
 * a commit after the sink has it. Whatever dies between two of these steps, the sink's own memory of its last epoch
 * tells what it still needs.
 */
export class Courier {
  readonly #options: CourierOptions;
  readonly #types: readonly string[];
  /** Epochs with their bytes, oldest first. */
  readonly #waiting = new Map<number, number>();
  #bytes = 0;
  /** The last epoch that the sink has, and whether the outbox may still have something of it. */
  #delivered = 0;
  #unforgotten = false;
  #running = false;
  #failure: unknown;
  /** Those who wait until less waits. */
  #patient: (() => void)[] = [];

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#types = [...options.readers.keys()];
  }

  /** Bytes that wait for the sink. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes up what an earlier run left behind. `last` is the last epoch that the sink has. */
  resume(last: number): void {
    this.#delivered = last;
    this.#unforgotten = true;
    this.#queue({ from: last + 1 });
  }

  /** Puts a batch into the open transaction. */
  put(batch: OutboxBatch): void {
    this.#options.outbox.put(batch);
  }

  /** Forgets what the sink has, in the open transaction if there is one. */
  forget(): void {
    if (!this.#unforgotten) return;
    this.#options.outbox.forget(this.#types, this.#delivered);
    this.#unforgotten = false;
  }

  /** An epoch is committed: what was put in of it is to be delivered. */
  committed(epoch: number): void {
    this.#queue({ from: epoch, to: epoch });
  }

  /** Resolves when there is room for another epoch. */
  room(): Promise<void> {
    const { capacityBytes = OUTBOX_BYTES } = this.#options;
    return this.#until(() => this.#bytes < capacityBytes);
  }

  /** Resolves when the sink has everything. */
  idle(): Promise<void> {
    return this.#until(() => this.#waiting.size === 0);
  }

  async #until(condition: () => boolean): Promise<void> {
    while (this.#failure !== undefined || !condition()) {
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => this.#patient.push(resolve));
    }
  }

  #queue(range: { from: number; to?: number }): void {
    for (const { epoch, bytes } of this.#options.outbox.epochs(this.#types, range)) {
      this.#waiting.set(epoch, bytes);
      this.#bytes += bytes;
    }
    if (!this.#running && this.#failure === undefined) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (const [epoch, bytes] of this.#waiting) { // a Map's loop also sees what is added meanwhile
        await this.#options.deliver(epoch, () => this.#deliveries(epoch));
        this.#delivered = epoch;
        this.#unforgotten = true;
        this.#waiting.delete(epoch);
        this.#bytes -= bytes;
        this.#wake();
      }
    } catch (error) {
      this.#failure = error;
      this.#options.onFailure(error);
      this.#wake();
    }
    this.#running = false;
  }

  #wake(): void {
    for (const resolve of this.#patient.splice(0)) resolve();
  }

  /** Batches of one type and workshop that follow one another, as one delivery. */
  *#deliveries(epoch: number): Generator<Delivery> {
    let batches: OutboxBatch[] = [];
    let rows = 0;
    let bytes = 0;
    for (const batch of this.#options.outbox.batches(epoch, this.#types)) {
      const [first] = batches;
      const apart = first && (first.type !== batch.type || first.workshop !== batch.workshop);
      if (apart || rows >= DELIVERY_ROWS || bytes >= DELIVERY_BYTES) {
        yield this.#delivery(batches);
        batches = [];
        rows = bytes = 0;
      }
      batches.push(batch);
      rows += batch.rows;
      bytes += batch.buffer.byteLength;
    }
    if (batches.length > 0) yield this.#delivery(batches);
  }

  #delivery(batches: readonly OutboxBatch[]): Delivery {
    const [{ type, epoch, buffer }] = batches;
    const reader = this.#options.readers.get(type)!;
    try {
      reader.load(buffer);
      reader.unload();
    } catch (cause) {
      throw new SinkError(
        `the outbox has products ${type} of epoch ${epoch} that can't be read (${messageOf(cause)}); ` +
          "run the blueprint that made them until they are delivered",
        { fields: { type, epoch, final: true }, cause },
      );
    }
    return new LoadedDelivery(type, batches, reader);
  }
}
