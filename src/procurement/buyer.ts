/**
 * The buyer: takes items to the lines at the set pace, as far as the lines have credit, and cuts the stream into
 * epochs.
 *
 * @module
 */

import { abortable, type Clock, ClosedError, Mutex, sleep, type Timer } from "../core/mod.ts";
import { BATCH_ROWS, KEPT_BYTES, OPEN_EPOCHS } from "../core/limits.ts";
import { type Packer, REPLAYED } from "../line/mod.ts";
import type { Pace } from "./pace.ts";
import type { Router } from "./router.ts";

/** What a buyer is made with. */
export interface BuyerOptions {
  readonly router: Router;
  readonly packers: readonly Packer[];
  readonly pace: Pace;
  readonly clock: Clock;
  readonly lingerMs: number;
  readonly epochMs: number;
  /** The last epoch of the run before. */
  readonly committed: number;
}

/** Some items to buy. */
export interface Purchase {
  readonly items: readonly unknown[];
  /** Given, the items have been through the schema before, and these are their keys. */
  readonly keys?: readonly string[];
  /** The items have been admitted already: a pause doesn't hold them up. */
  readonly admitted?: boolean;
  /** Told of each item that does not fit. */
  readonly reject: (index: number, error: unknown) => void;
  /** Told how many items have been dealt with so far, while nobody else buys. */
  readonly bought?: (items: number) => void;
  /** Gives up: of the items that have not been dealt with, none will be. */
  readonly signal?: AbortSignal;
}

/**
 * Buys for the source and for every push, a stretch at a time, so that none of them keeps the others waiting.
 *
 * Invariant: an epoch's barrier leaves behind every row of the epoch, on every line.
 */
export class Buyer {
  readonly #router: Router;
  #packers: readonly Packer[];
  readonly #pace: Pace;
  readonly #clock: Clock;
  readonly #lingerMs: number;
  readonly #epochMs: number;
  readonly #counter = new Mutex();
  readonly #closing = new AbortController();
  readonly #offsets = new Map<string, unknown>();
  #linger: Timer | undefined;
  #epochTimer: Timer | undefined;
  #epoch: number;
  #committed: number;
  /** The last epoch of which everything is committed: with a backlog, earlier than the last that is committed. */
  #covered: number;
  #routedBefore = 0;
  #moved = false;
  /** Dead letters whose items have been bought in this epoch. */
  #replayed: number[] = [];
  #commits: { epoch: number; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #resumed: PromiseWithResolvers<void> | undefined;
  #stopped = false;
  /** Whoever buys waits for credit: everything routed is in a batch, and an epoch may end. */
  #waiting = false;
  /** Set while slots move: lets the counter go. */
  #released: PromiseWithResolvers<void> | undefined;
  #busyMs = 0;
  /** Set while somebody waits until any line gets credit. */
  #stirred: PromiseWithResolvers<void> | undefined;

  constructor(options: BuyerOptions) {
    this.#router = options.router;
    this.#packers = options.packers;
    this.#pace = options.pace;
    this.#clock = options.clock;
    this.#lingerMs = options.lingerMs;
    this.#epochMs = options.epochMs;
    this.#committed = this.#covered = options.committed;
    this.#epoch = options.committed + 1;
    this.#armEpoch();
  }

  /** The epoch that items bought now belong to. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Time spent routing, not waiting. */
  get busyMs(): number {
    return this.#busyMs;
  }

  get paused(): boolean {
    return this.#resumed !== undefined;
  }

  /** Says where a source would go on; the next barrier carries it. */
  moved(source: string, offset: unknown): void {
    this.#offsets.set(source, offset);
    this.#moved = true;
  }

  /** Says that the items of these dead letters have been bought; the next barrier carries it. */
  replayed(letters: readonly number[]): void {
    this.#replayed.push(...letters);
  }

  /** Resolves when something may be admitted: not while paused. @throws {ClosedError} when nothing ever will be */
  async admission(signal?: AbortSignal): Promise<void> {
    while (this.#resumed && !this.#stopped) await abortable(this.#resumed.promise, signal);
    this.#check(signal);
  }

  /**
   * Resolves when every item is on a line (or rejected), to the epoch of the last that is on one; when none is, to
   * the last epoch that has ended.
   *
   * @throws {ClosedError} when the buyer stops or the factory closes before
   */
  async buy(purchase: Purchase): Promise<number> {
    const { items, admitted, signal } = purchase;
    let next = 0;
    let epoch = this.#epoch - 1;
    while (next < items.length) {
      if (!admitted) await this.admission(signal);
      await this.#clearance(signal);
      const allowed = this.#pace.take(Math.min(items.length - next, BATCH_ROWS));
      if (allowed === 0) {
        await sleep(this.#clock, this.#pace.waitMs(), this.#either(signal));
        continue;
      }
      const end = next + allowed;
      const stretch = this.#counter.run(() =>
        this.#stretch(purchase, { start: next, end, onRouted: () => void (epoch = this.#epoch) })
      );
      next = await abortable(stretch, signal);
    }
    return epoch;
  }

  /** Routes `items[start … end - 1]`, waiting for credit where a line is full. */
  async #stretch(
    purchase: Purchase,
    { start, end, onRouted }: { start: number; end: number; onRouted: () => void },
  ): Promise<number> {
    const { items, keys, reject, bought, signal } = purchase;
    for (const packer of this.#packers) {
      // Full: left by who gave up. Without credit: one batch has gone in advance, and must not become many.
      if (packer.full || packer.sender.credit < 0) await this.#room(packer, signal);
    }
    let next = start;
    while (true) {
      this.#check(signal);
      const from = this.#clock.monotonic();
      const { routed } = this.#router;
      const stretch = this.#router.route(items, { start: next, end, epoch: this.#epoch, reject, keys });
      this.#busyMs += this.#clock.monotonic() - from;
      if (this.#router.routed > routed) onRouted();
      next = stretch.next;
      bought?.(next);
      if (stretch.blocked === undefined) break;
      await this.#room(stretch.blocked, signal);
    }
    this.#flushIdle();
    return next;
  }

  /** Waits until a batch has left. An epoch may end meanwhile. */
  async #room(packer: Packer, signal: AbortSignal | undefined): Promise<void> {
    this.#waiting = true;
    try {
      await this.#send(packer, signal);
    } finally {
      this.#waiting = false;
    }
  }

  /**
   * Ends the epoch if anything came since it began, or was done. Resolves to the epoch that ended last. It waits for
   * no credit but on lines that may be overdrawn: commits must not wait for the slowest workshop.
   *
   * @param settle end it anyway, and have everything finished before it is committed: retries, running turns
   */
  endEpoch({ settle = false }: { settle?: boolean } = {}): Promise<number> {
    const end = async () => {
      const changed = this.#moved || this.#router.routed !== this.#routedBefore ||
        this.#packers.some(({ sender }) => sender.owing);
      return changed || settle ? await this.#cut({ settle, halt: false }) : this.#epoch - 1;
    };
    // Who waits for credit has the counter, perhaps for long, and hasn't a row in hand.
    const between = this.#waiting && this.#packers.every(({ sender }) => sender.advances);
    return between ? end() : this.#counter.run(end);
  }

  /**
   * Has every workshop finish what it has and rest, and buys nothing until {@link deal}. Resolves to the epoch that
   * ended so, once it is committed.
   */
  halt(): Promise<number> {
    const halted = Promise.withResolvers<number>();
    const released = this.#released = Promise.withResolvers<void>();
    void this.#counter.run(async () => {
      try {
        const epoch = await this.#cut({ settle: true, halt: true });
        await this.untilCommitted(epoch);
        halted.resolve(epoch);
        await released.promise;
      } catch (error) {
        halted.reject(error);
      }
    });
    return halted.promise;
  }

  /** Goes on after {@link halt}: with these packers, and slots dealt so. Lines that are left out are closed. */
  deal(packers: readonly Packer[], table: Uint16Array): void {
    for (const packer of this.#packers) if (!packers.includes(packer)) packer.sender.close();
    this.#packers = packers;
    this.#router.deal(packers, table);
    this.#released?.resolve();
    this.#released = undefined;
  }

  /** Ends the epoch on every line: at once, if all of them take batches in advance. */
  async #cut({ settle, halt }: { settle: boolean; halt: boolean }): Promise<number> {
    for (const packer of this.#packers) {
      if (!packer.flush(this.#epoch, { inAdvance: true })) await this.#send(packer);
    }
    const offsets = Object.fromEntries(this.#offsets);
    if (this.#replayed.length > 0) offsets[REPLAYED] = this.#replayed;
    for (const { sender } of this.#packers) sender.barrier(this.#epoch, { offsets, settle, halt });
    this.#routedBefore = this.#router.routed;
    this.#moved = false;
    this.#replayed = [];
    return this.#epoch++;
  }

  /**
   * Transport has committed `epoch`; of those up to `finished`, nothing is left to do.
   *
   * @returns the last of which everything that was bought is done and committed
   */
  committed(epoch: number, finished: number = epoch): number {
    this.#committed = Math.max(this.#committed, epoch);
    this.#covered = Math.max(this.#covered, Math.min(finished, this.#committed));
    for (const { sender } of this.#packers) {
      sender.committed(epoch);
      this.#covered = Math.min(this.#covered, sender.covered(this.#committed));
    }
    const due = this.#commits.filter((wait) => wait.epoch <= this.#covered);
    this.#commits = this.#commits.filter((wait) => wait.epoch > this.#covered);
    for (const wait of due) wait.resolve();
    return this.#covered;
  }

  /** Resolves when `epoch` is committed. */
  untilCommitted(epoch: number): Promise<void> {
    if (epoch <= this.#covered) return Promise.resolve();
    if (this.#closing.signal.aborted) return Promise.reject(this.#closing.signal.reason);
    return new Promise((resolve, reject) => this.#commits.push({ epoch, resolve, reject }));
  }

  /** Buys no more: what is on its way to the lines gets there, and then its client is told. Ends a pause. */
  stop(): void {
    this.#stopped = true;
    this.resume();
  }

  pause(): void {
    this.#resumed ??= Promise.withResolvers();
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = undefined;
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    const reason = new ClosedError("procurement: the factory is closing");
    this.#closing.abort(reason);
    this.#linger?.cancel();
    this.#epochTimer?.cancel();
    this.resume();
    this.#released?.resolve();
    this.#stirred?.reject(reason);
    this.#stirred?.promise.catch(() => {}); // nobody may be waiting any more
    for (const wait of this.#commits) wait.reject(reason);
    this.#commits = [];
    for (const { sender } of this.#packers) sender.close();
  }

  /** Waits while too much isn't committed; throws as {@link #check} does. */
  async #clearance(signal: AbortSignal | undefined): Promise<void> {
    this.#check(signal);
    let kept = 0;
    for (const { sender } of this.#packers) kept += sender.keptBytes;
    if (kept < KEPT_BYTES) return;
    await abortable(this.endEpoch().then((epoch) => this.untilCommitted(epoch)), signal);
    this.#check(signal);
  }

  /** Throws when closing, stopped or given up by the buyer's client. */
  #check(signal: AbortSignal | undefined): void {
    this.#closing.signal.throwIfAborted();
    signal?.throwIfAborted();
    if (this.#stopped) throw new ClosedError("procurement: the factory is draining and takes nothing more");
  }

  /** Some line has got credit. Lines that may be overdrawn say so. */
  credited(): void {
    this.#stirred?.resolve();
    this.#stirred = undefined;
  }

  /**
   * Sends what waits for a line as soon as there is credit. A line that may be overdrawn is, when another could take
   * more: while all of them are full, nobody is held up by this one.
   */
  async #send(packer: Packer, signal?: AbortSignal): Promise<void> {
    const { sender } = packer;
    while (!packer.flush(this.#epoch) || sender.credit < 0) {
      const ready = sender.ready();
      if (!sender.overdrawable) await abortable(ready, signal);
      else if (sender.overdraft > 0 && this.#packers.some((other) => other.sender.credit > 0)) {
        packer.flush(this.#epoch, { overdraw: true });
      } else await abortable(this.#stir(), signal);
    }
  }

  /** Resolves when any line gets credit. */
  #stir(): Promise<void> {
    this.#closing.signal.throwIfAborted();
    this.#stirred ??= Promise.withResolvers();
    return this.#stirred.promise;
  }

  #either(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
  }

  /** A workshop with nothing to do gets what there is; the others get theirs when the linger is over. */
  #flushIdle(): void {
    let waiting = false;
    for (const packer of this.#packers) {
      if (packer.sender.idle) packer.flush(this.#epoch);
      if (packer.rows > 0) waiting = true;
    }
    if (waiting) this.#armLinger(this.#lingerMs);
  }

  #armLinger(ms: number): void {
    this.#linger ??= this.#clock.after(ms, () => {
      this.#linger = undefined;
      void this.#counter.run(() => this.#flushAll());
    });
  }

  #flushAll(): void {
    let waiting = false;
    for (const packer of this.#packers) if (!packer.flush(this.#epoch)) waiting = true;
    // Without credit it can only try again, and not at once: something has to happen in between.
    if (waiting && !this.#closing.signal.aborted) this.#armLinger(Math.max(1, this.#lingerMs));
  }

  #armEpoch(): void {
    this.#epochTimer = this.#clock.after(this.#epochMs, async () => {
      if (this.#closing.signal.aborted) return;
      // Too many epochs in the making: this one grows until transport has caught up.
      if (this.#epoch - this.#committed <= OPEN_EPOCHS) {
        await this.endEpoch().catch(() => {}); // only closing ends it early
      }
      if (!this.#closing.signal.aborted) this.#armEpoch();
    });
  }
}
