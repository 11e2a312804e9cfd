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
import { type Clock, ClosedError, StoreError, type Timer } from "../core/mod.ts";
import { DELIVERY_BYTES, DELIVERY_MS, DELIVERY_ROWS, REJECTIONS_SHOWN } from "../core/limits.ts";
import { REPLAYED } from "../line/mod.ts";
import type { Histogram } from "../metrics/mod.ts";
import type { Store, StoredState } from "../store/mod.ts";
import { LoadedDelivery } from "./delivery.ts";
import type { Complete, Gate } from "./gate.ts";
import type { Letters } from "./recent_letters.ts";
import { Retries } from "./retries.ts";
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

/** A delivery that a sink has taken: plain data. */
export interface Handover {
  readonly type: string;
  readonly sink: string;
  readonly epoch: number;
  /** Products. */
  readonly count: number;
  /** Attempts that failed before. */
  readonly failures: number;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly ms: number;
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
  /** Where dead letters go: the store's, if there is one. */
  readonly letters: Letters;
  readonly clock: Clock;
  /** The last epoch of the run before. */
  readonly committed: number;
  /** Seconds per epoch, from its first barrier to its commit. */
  readonly epochs: Histogram;
  /** The load has left the warehouse. */
  readonly onDelivered: (load: Load) => void;
  readonly onCommitted: (epoch: number, finished: number) => void;
  /** Told of each delivery, if somebody wants to know. */
  readonly onHandover?: (handover: Handover) => void;
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
  readonly #closing = new AbortController();
  /** How it goes with the store: what it can't take now, because others hold it or the disk is full, waits. */
  readonly storing: Retries;
  /** What has to be done while nothing is being delivered. */
  #errands: (() => void)[] = [];
  /** What each workshop's part of the epoch under way has been counted as, to be taken back with it. */
  readonly #counted = new Map<number, (() => void)[]>();
  /** Whoever waits for a commit. */
  readonly #writes: PromiseWithResolvers<void>[] = [];
  /** Dead letters of this run. */
  deadLetters = 0;
  readonly firstLetters: LetterReport[] = [];
  busyMs = 0;

  constructor(options: DriverOptions) {
    this.#options = options;
    this.#epoch = options.committed + 1;
    this.storing = new Retries({
      clock: options.clock,
      signal: this.#closing.signal,
      patienceMs: Infinity,
      named: (cause) => cause as Error,
    });
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
    while (!this.#closed) { // what was taken from the warehouse before it closed may not have been delivered
      for (const errand of this.#errands.splice(0)) errand();
      const complete = gate.complete(this.#epoch);
      if (warehouse.has(this.#epoch)) await this.#deliver(this.#epoch);
      else if (complete) await this.#commit(complete);
      else {
        await this.#due.promise;
        this.#due = Promise.withResolvers();
      }
    }
  }

  /** These workshops are gone: what they sent and isn't committed was never sent. Resolves when that is done. */
  takeBack(workshops: readonly number[]): Promise<void> {
    const { warehouse, gate, store } = this.#options;
    return new Promise((resolve, reject) => {
      this.#errands.push(() => {
        try {
          for (const workshop of workshops) {
            warehouse.drop(workshop);
            gate.drop(workshop);
            store?.takeBack(workshop);
            for (const uncount of this.#counted.get(workshop) ?? []) uncount();
            this.#counted.delete(workshop);
          }
          resolve();
        } catch (error) {
          reject(error);
        }
      });
      this.leave();
    });
  }

  /** Resolves when what has been written to the store until now is committed. */
  written(): Promise<void> {
    if (!this.#options.store?.writing) return Promise.resolve();
    if (this.#closed) return Promise.reject(new ClosedError("transport: the factory is closing"));
    const write = Promise.withResolvers<void>();
    this.#writes.push(write);
    return write.promise;
  }

  close(): void {
    for (const write of this.#writes.splice(0)) {
      write.reject(new ClosedError("transport: closed before it was committed"));
    }
    this.#closed = true;
    this.#closing.abort(new ClosedError("transport: the factory is closing"));
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
    await this.#bury(epoch);
    await this.#putAway(epoch);
    await Promise.all([...vans].map(async ([van, deliveries]) => {
      for (const delivery of deliveries) if (!this.#closed) await this.#hand(van, delivery);
    }));
  }

  async #hand(van: Van, delivery: LoadedDelivery): Promise<void> {
    const { clock, routes, onDelivered, onHandover } = this.#options;
    const [startedAt, began, errors] = [clock.now(), clock.monotonic(), van.errors];
    await van.deliver(delivery);
    const ms = clock.monotonic() - began;
    this.busyMs += ms;
    const { type, epoch, count } = delivery;
    onHandover?.({ type, sink: van.name, epoch, count, failures: van.errors - errors, startedAt, ms });
    const route = routes.find(({ type }) => type === delivery.type)!;
    route.delivered += delivery.count;
    if (van.transactional) this.#count(delivery.workshop, () => void (route.delivered -= delivery.count));
    route.lastDeliveryAt = clock.now();
    for (const load of delivery.loads) onDelivered(load);
  }

  /** Dead letters go to the store, in the same commit as the products beside them. */
  async #bury(epoch: number): Promise<void> {
    const { warehouse, routes, store, letters, onDelivered } = this.#options;
    for (const load of warehouse.take(routes.length, epoch, DELIVERY_ROWS)) {
      await this.storing.run(() => store?.begin());
      this.#letters.load(load.buffer);
      for (let row = 0; row < load.rows; row++) {
        const letter = this.#letters.item(row) as DeadLetter;
        const key = this.#letters.key(row);
        const id = letters.insert({ ...letter, key, epoch });
        store?.wrote(load.workshop, "dead_letters", { first: id, last: id });
        const { reason, error } = letter;
        if (this.deadLetters++ < REJECTIONS_SHOWN) this.firstLetters.push({ key, reason, error });
      }
      this.#letters.unload();
      if (store) this.#count(load.workshop, () => void (this.deadLetters -= load.rows));
      onDelivered(load);
    }
  }

  /** States of workers go to the store: the last of each key, which may be that it is forgotten. */
  async #putAway(epoch: number): Promise<void> {
    const { warehouse, routes, store, onDelivered } = this.#options;
    const loads = warehouse.take(routes.length + 1, epoch, DELIVERY_ROWS);
    if (loads.length === 0) return;
    const put = new Map<string, StoredState>();
    const forget = new Set<string>();
    for (const load of loads) {
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
    }
    const { workshop } = loads[0];
    const states = [...put.values()].sort((one, other) => one.key < other.key ? -1 : 1); // neighbours share pages
    await this.storing.run(() => {
      store?.begin();
      store?.deleteStates(forget, { workshop });
      store?.putStates(states, { workshop });
    });
    for (const load of loads) onDelivered(load);
  }

  #count(workshop: number, uncount: () => void): void {
    const counts = this.#counted.get(workshop);
    if (counts) counts.push(uncount);
    else this.#counted.set(workshop, [uncount]);
  }

  async #commit(
    { barrier, since, finished }: Complete,
  ): Promise<void> {
    const { store, letters, gate, warehouse, routes, clock, epochs, onCommitted } = this.#options;
    const { epoch, offsets: { [REPLAYED]: replayed, ...offsets } } = barrier;
    const vans = new Set(routes.map((route) => route.van));
    for (const van of vans) await van.flush();
    try {
      await this.storing.run(() => {
        store?.begin();
        letters.settle(replayed as number[] | undefined ?? []);
        store?.commit({ epoch, offsets, at: clock.now() });
      });
    } catch (cause) {
      throw new StoreError(`store: epoch ${epoch} can't be committed: ${(cause as Error).message}`, {
        code: "STORE_COMMIT",
        fields: { epoch },
        cause,
      });
    }
    this.#counted.clear();
    gate.forget(epoch);
    warehouse.forget(epoch);
    epochs.record((clock.now() - since) / 1_000);
    this.#epoch = epoch + 1;
    for (const write of this.#writes.splice(0)) write.resolve();
    for (const van of vans) van.committed(epoch);
    // Whoever waits for the end wants to find everything in its place; whoever moves slots doesn't.
    if (barrier.settle && !barrier.halt) await Promise.all([...vans].map((van) => van.settled()));
    onCommitted(epoch, finished);
  }
}
