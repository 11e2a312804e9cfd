/**
 * The driver: empties the warehouse into the sinks every so often, and commits epochs.
 *
 * @module
 */

import {
  type BatchReader,
  DEAD_LETTER,
  type DeadLetter,
  WORKER_STATE,
  type WorkerState,
} from "../batch/mod.ts";
import { type Clock, StoreError, type Timer } from "../core/mod.ts";
import { DELIVERY_BYTES, DELIVERY_MS, DELIVERY_ROWS, REJECTIONS_SHOWN } from "../core/limits.ts";
import type { BarrierMessage } from "../line/mod.ts";
import type { Histogram } from "../metrics/mod.ts";
import type { Store, StoredState } from "../store/mod.ts";
import { LoadedDelivery } from "./delivery.ts";
import type { Gate } from "./gate.ts";
import type { Van } from "./van.ts";
import type { Load, Warehouse } from "./warehouse.ts";

/** A product type and the way to its sink. */
export interface Route {
  readonly type: string;
  readonly van: Van;
  readonly reader: BatchReader;
  delivered: number;
  lastDeliveryAt: number | null;
}

/** A dead letter for a person. */
export interface LetterReport {
  key: string;
  reason: string;
  error: string;
}

/** What a driver is made with. */
export interface DriverOptions {
  readonly warehouse: Warehouse;
  readonly gate: Gate;
  /** One for each product type, in the order of their indexes. */
  readonly routes: readonly Route[];
  readonly store: Store | undefined;
  readonly clock: Clock;
  /** The last epoch of the run before. */
  readonly committed: number;
  /** Seconds per epoch, from its first barrier to its commit. */
  readonly epochs: Histogram;
  /** The load has left the warehouse. */
  readonly onDelivered: (load: Load) => void;
  readonly onCommitted: (epoch: number) => void;
}

/**
 * Delivers one epoch after the other: its products as they come, and when the last of them has been delivered, the
 * commit.
 *
 * Invariant: everything of an epoch has been taken by its sink, and flushed, before the epoch counts as committed.
 */
export class Driver {
  readonly #options: DriverOptions;
  readonly #letters: BatchReader = DEAD_LETTER.reader();
  readonly #states: BatchReader = WORKER_STATE.reader();
  #epoch: number;
  #due: PromiseWithResolvers<void> = Promise.withResolvers();
  #timer: Timer | undefined;
  #closed = false;
  /** Dead letters of this run. */
  deadLetters = 0;
  readonly firstLetters: LetterReport[] = [];
  busyMs = 0;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#epoch = options.committed + 1;
  }

  get committed(): number {
    return this.#epoch - 1;
  }

  /** A load has come: the driver leaves at once if there is much, and soon otherwise. */
  loaded(load: Load): void {
    if (load.epoch > this.#epoch) return; // it waits for its epoch
    if (this.#options.warehouse.bytes >= DELIVERY_BYTES) this.leave();
    else this.#timer ??= this.#options.clock.after(DELIVERY_MS, () => this.leave());
  }

  /** Leaves now. */
  leave(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#due.resolve();
  }

  /** Drives until closed. @throws {SinkError} @throws {StoreError} */
  async run(): Promise<void> {
    const { warehouse, gate } = this.#options;
    while (!this.#closed) {
      while (warehouse.has(this.#epoch) && !this.#closed) await this.#deliver(this.#epoch);
      if (this.#closed) return; // what has been taken from the warehouse may not have been delivered
      const complete = gate.complete(this.#epoch);
      if (complete && !warehouse.has(this.#epoch)) {
        await this.#commit(complete);
        continue;
      }
      await this.#due.promise;
      this.#due = Promise.withResolvers();
    }
  }

  close(): void {
    this.#closed = true;
    this.leave();
  }

  /** Takes what waits of an epoch to the sinks: sinks side by side, types of one sink one after the other. */
  async #deliver(epoch: number): Promise<void> {
    const vans = new Map<Van, LoadedDelivery[]>();
    this.#options.routes.forEach(({ type, van, reader }, index) => {
      const loads = this.#options.warehouse.take(index, epoch, DELIVERY_ROWS);
      if (loads.length === 0) return;
      const deliveries = vans.get(van) ?? [];
      deliveries.push(new LoadedDelivery(type, loads, reader));
      vans.set(van, deliveries);
    });
    this.#bury(epoch);
    this.#putAway(epoch);
    await Promise.all([...vans].map(async ([van, deliveries]) => {
      for (const delivery of deliveries) if (!this.#closed) await this.#hand(van, delivery);
    }));
  }

  async #hand(van: Van, delivery: LoadedDelivery): Promise<void> {
    const { store, clock, routes, onDelivered } = this.#options;
    if (van.transactional) store?.begin();
    const startedAt = clock.monotonic();
    await van.deliver(delivery);
    this.busyMs += clock.monotonic() - startedAt;
    const route = routes.find(({ type }) => type === delivery.type)!;
    route.delivered += delivery.count;
    route.lastDeliveryAt = clock.now();
    for (const load of delivery.loads) onDelivered(load);
  }

  /** Dead letters go to the store, in the same commit as the products beside them. */
  #bury(epoch: number): void {
    const { warehouse, routes, store, onDelivered } = this.#options;
    for (const load of warehouse.take(routes.length, epoch, DELIVERY_ROWS)) {
      this.#letters.load(load.buffer);
      store?.begin();
      for (let row = 0; row < load.rows; row++) {
        const letter = this.#letters.item(row) as DeadLetter;
        const key = this.#letters.key(row);
        store?.deadLetters.insert({ ...letter, key, epoch });
        const { reason, error } = letter;
        if (this.deadLetters++ < REJECTIONS_SHOWN) this.firstLetters.push({ key, reason, error });
      }
      this.#letters.unload();
      onDelivered(load);
    }
  }

  /** States of workers go to the store: the last of each key, which may be that it is forgotten. */
  #putAway(epoch: number): void {
    const { warehouse, routes, store, onDelivered } = this.#options;
    for (const load of warehouse.take(routes.length + 1, epoch, DELIVERY_ROWS)) {
      const put = new Map<string, StoredState>();
      const forget = new Set<string>();
      this.#states.load(load.buffer);
      for (let row = 0; row < load.rows; row++) {
        const key = this.#states.key(row);
        const { state, ...rest } = this.#states.item(row) as WorkerState;
        if (state === null) {
          forget.add(key);
          put.delete(key);
        } else put.set(key, { ...rest, key, state });
      }
      this.#states.unload();
      store?.begin();
      store?.deleteStates(forget);
      store?.putStates(put.values());
      onDelivered(load);
    }
  }

  async #commit(
    { barrier, since }: { barrier: BarrierMessage; since: number },
  ): Promise<void> {
    const { store, gate, warehouse, routes, clock, epochs, onCommitted } = this.#options;
    const { epoch, offsets } = barrier;
    for (const van of new Set(routes.map((route) => route.van))) await van.flush();
    try {
      store?.begin();
      store?.commit({ epoch, offsets, at: clock.now() });
    } catch (cause) {
      throw new StoreError(`store: epoch ${epoch} can't be committed: ${(cause as Error).message}`, {
        code: "STORE_COMMIT",
        fields: { epoch },
        cause,
      });
    }
    gate.forget(epoch);
    warehouse.forget(epoch);
    epochs.record((clock.now() - since) / 1_000);
    this.#epoch = epoch + 1;
    onCommitted(epoch);
  }
}
