/**
 * The director: reads the line, finds each item's worker on the roster or hires one, renews the contract, hands
 * the item to the deputy.
 *
 * @module
 */

import type { BatchReader } from "../batch/mod.ts";
import type { Clock } from "../core/mod.ts";
import type { BarrierMessage, BatchMessage, Forward } from "../line/mod.ts";
import type { Histogram, HotKeys } from "../metrics/mod.ts";
import type { Contracts } from "./contract.ts";
import type { Conveyor } from "./conveyor.ts";
import type { Deputy } from "./deputy.ts";
import type { Ledger } from "./ledger.ts";
import { type Roster, ROWS_AHEAD } from "./roster.ts";
import type { Unfinished } from "./unfinished.ts";
import type { KeyedWorker } from "./worker.ts";

/** What a director is made with. */
export interface DirectorOptions {
  readonly reader: BatchReader;
  readonly roster: Roster;
  readonly contracts: Contracts;
  readonly deputy: Deputy;
  readonly conveyor: Conveyor;
  readonly clock: Clock;
  /** Keeps account of what changes, if the factory is durable. */
  readonly ledger: Ledger | undefined;
  /** Keeps account of what is left to do, if the factory is not durable. */
  readonly unfinished: Unfinished | undefined;
  /** From bought to shipped, seconds. */
  readonly latency: Histogram;
  /** Shown each batch once. */
  readonly hotKeys: HotKeys;
  /**
   * A new worker for a key; `full` when the roster is and nobody can go; undefined when the blueprint's `hire`
   * failed and the item has been dealt with.
   */
  readonly hire: (
    key: string,
    hash: number,
    item: { read: () => unknown; at: number },
  ) => KeyedWorker | "full" | undefined;
  /** A barrier has passed behind which the workshop is to rest. */
  readonly onHalt: (epoch: number) => void;
  /**
   * What becomes of a barrier behind batches that the belts have no room for: it passes them (true), or they go onto
   * the belts all the same (false), as where a commit has to have all that came before it. It never waits for turns.
   */
  readonly overtaking: boolean;
  /** The epoch of the last barrier before the first that will come. */
  readonly committed: number;
  /** There is something to commit behind this barrier: said once between two. */
  readonly onStir: (behind: number) => void;
  /** The batch is dealt with: credit and buffer go back. */
  readonly release: (buffer: ArrayBuffer) => void;
}

/** Longest stretch of work before messages and timers get their turn. */
const SLICE_MS = 4;

/** Rows between two looks at the time while they are quick. */
const STRIDE = ROWS_AHEAD;

/** Works through the line, batch by batch, for as long as there is room for what comes out. */
export class Director {
  readonly #options: DirectorOptions;
  readonly #queue: Forward[] = [];
  #row = 0;
  /** Barriers in the queue that batches give way to, and aren't passed by: these go onto the belts, full or not. */
  #urging = 0;
  /** Buffers of such batches: their credit goes back when the belts have room again, which bounds them. */
  #withheld: ArrayBuffer[] = [];
  /** Workers of the next rows, found ahead. */
  readonly #found: (KeyedWorker | undefined)[] = new Array(STRIDE).fill(undefined);
  #loaded = false;
  #stirred = false;
  /** The last barrier that has passed. */
  #passed: number;
  #scheduled = false;
  #stride = STRIDE;
  #closed = false;
  /** Items taken from the line. */
  materials = 0;
  /** Time at work. */
  busyMs = 0;

  constructor(options: DirectorOptions) {
    this.#options = options;
    this.#passed = options.committed;
  }

  /** Takes a message from the line. The line's credit bounds how many wait. */
  receive(message: Forward): void {
    this.#queue.push(message);
    if (message.kind === "barrier" && !this.#options.overtaking) this.#urging++;
    if (!this.#scheduled) this.advance();
  }

  /** Goes on, unless it is about to anyway. */
  wake(): void {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    this.#options.clock.soon(() => {
      this.#scheduled = false;
      this.advance();
    });
  }

  /** A job has ended that no item on the line stands for. */
  stir(): void {
    if (this.#stirred) return;
    this.#stirred = true;
    this.#options.onStir(this.#passed);
  }

  /** Works until nothing is left, there is no room, or the slice of time is over. */
  advance(): void {
    if (this.#closed) return;
    const { clock, conveyor, deputy, release } = this.#options;
    const startedAt = clock.monotonic();
    if (!deputy.full) { for (const buffer of this.#withheld.splice(0)) release(buffer); }
    const outcome = this.#work(startedAt + SLICE_MS);
    if (outcome === "idle") conveyor.linger();
    this.busyMs += clock.monotonic() - startedAt;
    if (outcome === "slice over") this.wake();
  }

  close(): void {
    this.#closed = true;
    this.#queue.length = 0;
    this.#withheld.length = 0;
  }

  /** `waiting` means that somebody will call {@link wake}. */
  #work(endsAt: number): "idle" | "waiting" | "slice over" {
    while (this.#queue.length > 0) {
      const message = this.#queue[0];
      const outcome = message.kind === "batch" ? this.#batch(message, endsAt) : this.#barrier(message);
      if (outcome === "waiting" && this.#options.overtaking) this.#letPass();
      if (outcome !== "done") return outcome;
      this.#queue.shift();
    }
    return "idle";
  }

  /** Barriers that wait behind batches go first, but for those that everything has to be finished for. */
  #letPass(): void {
    for (let index; (index = this.#queue.findIndex(({ kind }) => kind === "barrier")) > 0;) {
      const barrier = this.#queue[index] as BarrierMessage;
      if (barrier.settle || barrier.halt || !this.#options.conveyor.flush()) return;
      this.#barrier(barrier);
      this.#queue.splice(index, 1);
    }
  }

  #batch(message: BatchMessage, endsAt: number): "done" | "waiting" | "slice over" {
    const { reader, conveyor, deputy, unfinished, clock, latency, hotKeys } = this.#options;
    if (!this.#loaded) {
      reader.load(message.buffer);
      this.#loaded = true;
      this.#row = 0;
      conveyor.epoch = Math.max(conveyor.epoch, message.epoch); // a barrier may have passed it
      if (unfinished) unfinished.epoch = message.epoch;
      hotKeys.sample(reader, message.rows);
    }
    const bytes = message.buffer.byteLength / message.rows;
    while (this.#row < message.rows) {
      if (this.#stuck) return "waiting";
      const startedAt = clock.monotonic();
      const from = this.#row;
      const end = Math.min(message.rows, from + this.#stride);
      const roomy = this.#rows(end, { at: message.at, bytes });
      const now = clock.monotonic();
      this.#pace(now - startedAt, this.#row - from);
      if (!roomy) return "waiting";
      if (now >= endsAt && this.#row < message.rows) return "slice over";
    }
    if (deputy.pending === 0) latency.record((clock.now() - message.at) / 1_000, message.rows);
    reader.unload();
    this.#loaded = false;
    if (message.epoch <= this.#passed) this.stir(); // the barrier that it belonged to has passed it
    if (deputy.full) this.#withheld.push(message.buffer);
    else this.#options.release(message.buffer);
    return "done";
  }

  /** Whether there is no room for another row. */
  get #stuck(): boolean {
    const { conveyor, deputy } = this.#options;
    return conveyor.blocked || (deputy.full && this.#urging === 0);
  }

  /** The last epoch of which nothing is left to do when a barrier passes, which may pass batches of its epoch. */
  #finished(epoch: number): number {
    const { unfinished } = this.#options;
    if (unfinished === undefined) return epoch;
    const [first] = this.#queue;
    if (first.kind === "batch") return Math.min(epoch, first.epoch - 1, unfinished.oldest - 1);
    unfinished.epoch = epoch + 1;
    return Math.min(epoch, unfinished.oldest - 1);
  }

  /** Takes rows up to `end`; false when there is no room for the next. */
  #rows(end: number, { at, bytes }: { at: number; bytes: number }): boolean {
    const { reader, roster, contracts, deputy, clock, hire } = this.#options;
    const now = clock.now();
    const parcel = { at, bytes };
    const first = this.#row;
    const found = this.#found;
    roster.findAll(reader, { first, end, found });
    while (this.#row < end) {
      const row = this.#row;
      let worker = found[row - first];
      if (worker !== undefined && worker.index >= 0) reader.knowKey(row, worker.key);
      else worker = roster.find(reader.hash(row), reader, row); // hired, dismissed or replaced a moment ago
      if (worker !== undefined) {
        contracts.renew(worker.index, now);
      } else {
        const hired = hire(reader.key(row), reader.hash(row), { read: () => reader.item(row), at });
        if (hired === "full") return false;
        worker = hired;
      }
      if (worker !== undefined) deputy.take(worker, reader.item(row), parcel);
      this.materials++;
      this.#row = row + 1;
      if (this.#stuck) return false;
    }
    return true;
  }

  /** Looks at the time about every 2 ms: every row when they are slow, every 64 when they are quick. */
  #pace(tookMs: number, rows: number): void {
    if (tookMs > 4) this.#stride = Math.max(1, this.#stride >> 1);
    else if (tookMs < 1 && rows === this.#stride) this.#stride = Math.min(STRIDE, this.#stride << 1);
  }

  #barrier({ epoch, offsets, settle, halt }: BarrierMessage): "done" | "waiting" {
    const { conveyor, deputy, ledger } = this.#options;
    // What has come up since the barrier began to pass belongs behind it, and waits for that.
    if (settle && deputy.pending > 0 && !deputy.held) return "waiting";
    deputy.hold();
    if (ledger && !ledger.write(conveyor)) return "waiting";
    if (!conveyor.flush()) return "waiting";
    conveyor.barrier(epoch, { offsets, settle, halt, finished: this.#finished(epoch) });
    ledger?.turnPage();
    this.#passed = epoch;
    this.#stirred = false;
    if (halt) this.#options.onHalt(epoch);
    deputy.release();
    if (this.#urging > 0) this.#urging--;
    return "done";
  }
}
