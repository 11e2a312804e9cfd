/**
 * The ledger: what has changed in this workshop since the last barrier, for the commit, and what earlier epochs
 * left, for workers that come back.
 *
 * @module
 */

import type { WorkerState } from "../batch/mod.ts";
import type { WorkshopDefinition } from "../blueprint/mod.ts";
import type { StateReader, StoredState } from "../store/mod.ts";
import type { Contracts } from "./contract.ts";
import type { Conveyor } from "./conveyor.ts";
import type { Memory, Records } from "./records.ts";
import type { KeyedWorker } from "./worker.ts";

/** What a ledger is made with. */
export interface LedgerOptions {
  readonly definition: WorkshopDefinition;
  readonly contracts: Contracts;
  readonly records: Records;
  /** States as of the last commit. */
  readonly reader: StateReader;
  /** The first epoch of this run. */
  readonly epoch: number;
}

/**
 * Keeps the books of a durable workshop.
 *
 * Invariant: at a barrier the row of a worker holds its state after the last turn whose products stand before the
 * barrier, and every item that was taken before the barrier and is not part of that state.
 */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #records: Records;
  readonly #keepState: boolean;
  #epoch: number;
  #touched: KeyedWorker[] = [];
  #next = 0;
  /** Workers that are saying good-bye, by key, as long as nobody else serves it. */
  readonly #leaving = new Map<string, KeyedWorker>();
  /** Last rows of workers that are off the roster, until the store has them: by key, with their epoch. */
  readonly #departed = new Map<string, { row: WorkerState; epoch: number }>();
  readonly #unwritten = new Set<string>();

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#epoch = options.epoch;
    this.#records = options.records;
    this.#keepState = options.definition.contract?.keepState ?? true;
  }

  /** Something about the worker changes in this epoch. */
  touch(worker: KeyedWorker): void {
    if (worker.touchedIn === this.#epoch) return;
    worker.touchedIn = this.#epoch;
    this.#touched.push(worker);
  }

  /**
   * The worker is off the roster and begins to say good-bye. Should the run end before it has, the next will
   * have it hired, with the good-bye still to say.
   */
  leaving(worker: KeyedWorker, renewedAt: number): void {
    this.#leaving.set(worker.key, worker);
    this.#put(worker.key, this.#records.leaving(worker, renewedAt));
  }

  /** `heir` takes the place of a worker whose turn was given up. */
  replaced(worker: KeyedWorker, heir: KeyedWorker): void {
    this.touch(heir);
    if (this.#leaving.get(worker.key) === worker) this.#leaving.set(heir.key, heir);
  }

  /** The worker has left, and shipped what it had to ship. Its state is no longer its own if another serves its key. */
  departed(worker: KeyedWorker, renewedAt: number): void {
    const { key } = worker;
    if (this.#options.definition.dismiss && this.#leaving.get(key) !== worker) return;
    this.#leaving.delete(key);
    const row = this.#records.gone(worker, renewedAt);
    this.#put(key, this.#keepState ? row : { ...row, state: null });
  }

  /** Writes rows for as long as there is room. Returns whether all are written. */
  write(conveyor: Conveyor): boolean {
    for (const key of this.#unwritten) {
      if (conveyor.blocked) return false;
      this.#unwritten.delete(key);
      const entry = this.#departed.get(key);
      if (entry) conveyor.workerState(entry.row, key);
    }
    if (this.#next === 0) this.#touched.sort(byPlace);
    while (this.#next < this.#touched.length) {
      if (conveyor.blocked) return false;
      const worker = this.#touched[this.#next++];
      if (worker.index < 0) continue; // departed, or replaced by another that is touched itself
      const renewedAt = this.#options.contracts.renewedAt(worker.index);
      conveyor.workerState(this.#records.hired(worker, renewedAt), worker.key);
    }
    return true;
  }

  /** The barrier is through: a new epoch begins. */
  turnPage(): void {
    this.#touched = [];
    this.#next = 0;
    this.#epoch++;
  }

  /** The store has everything up to `epoch`: that need not be kept here any more. */
  committed(epoch: number): void {
    for (const [key, departed] of this.#departed) if (departed.epoch <= epoch) this.#departed.delete(key);
  }

  /** What is known of a key from before, for the worker that is to serve it now. */
  recall(key: string): Memory | undefined {
    if (this.#leaving.delete(key) && !this.#keepState) return undefined;
    const departed = this.#departed.get(key);
    const row = departed ? departed.row : this.#options.reader.get(key);
    return row && row.state !== null ? this.#records.memory(key, row) : undefined;
  }

  /** Workers that had something to do when they were last written. */
  *unfinished(slots: Iterable<number>): Generator<Remembered> {
    for (const stored of this.#options.reader.unfinished(slots)) yield this.#remembered(stored);
  }

  /**
   * Workers that owed nothing but their good-bye when they were last written, and have not been heard of since: page
   * by page, each to be taken up at once.
   */
  *owing(slots: Iterable<number>): Generator<Remembered[]> {
    for (const page of this.#options.reader.owing(slots)) {
      yield page.filter(({ key }) => !this.#departed.has(key)).map((stored) => this.#remembered(stored));
    }
  }

  #remembered(stored: StoredState): Remembered {
    return { key: stored.key, hash: stored.hash, memory: this.#records.memory(stored.key, stored) };
  }

  #put(key: string, row: WorkerState): void {
    this.#departed.set(key, { row, epoch: this.#epoch });
    this.#unwritten.add(key);
  }
}

/**
 * In the order of the roster, which is about that of the rows in the store: rows that lie side by side are written
 * in half the time.
 */
function byPlace(a: KeyedWorker, b: KeyedWorker): number {
  return a.index - b.index;
}

/** A worker of an earlier time. */
export interface Remembered {
  readonly key: string;
  readonly hash: number;
  readonly memory: Memory;
}
