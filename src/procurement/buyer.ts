/**
 * The buyer: takes items to the lines at the set pace, as far as the lines have credit, and cuts the stream into
 * epochs.
 *
 * @module
 */

import { type Clock, ClosedError, Mutex, sleep, type Timer } from "../core/mod.ts";
import { BATCH_ROWS, OPEN_EPOCHS } from "../core/limits.ts";
import type { Packer } from "../line/mod.ts";
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
  /** Told of each item that does not fit. */
  readonly reject: (index: number, error: unknown) => void;
  /** Told how many items have been dealt with so far, while nobody else buys. */
  readonly bought?: (items: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Buys for the source and for every push, a stretch at a time, so that none of them keeps the others waiting.
 *
 * Invariant: an epoch's barrier leaves behind every row of the epoch, on every line.
 */
export class Buyer {
  readonly #router: Router;
  readonly #packers: readonly Packer[];
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
  #routedBefore = 0;
  #moved = false;
  #commits: { epoch: number; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #resumed: PromiseWithResolvers<void> | undefined;
  #busyMs = 0;

  constructor(options: BuyerOptions) {
    this.#router = options.router;
    this.#packers = options.packers;
    this.#pace = options.pace;
    this.#clock = options.clock;
    this.#lingerMs = options.lingerMs;
    this.#epochMs = options.epochMs;
    this.#committed = options.committed;
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

  /**
   * Resolves when every item is on a line (or rejected), to the epoch of the last of them.
   *
   * @throws {ClosedError} when the factory closes before
   */
  async buy(purchase: Purchase): Promise<number> {
    const { items } = purchase;
    let next = 0;
    let epoch = this.#epoch;
    while (next < items.length) {
      await this.#clearance(purchase.signal);
      const allowed = this.#pace.take(Math.min(items.length - next, BATCH_ROWS));
      if (allowed === 0) {
        await sleep(this.#clock, this.#pace.waitMs(), this.#either(purchase.signal));
        continue;
      }
      next = await this.#counter.run(() => {
        epoch = this.#epoch;
        return this.#stretch(purchase, { start: next, end: next + allowed });
      });
    }
    return epoch;
  }

  /** Routes `items[start … end - 1]`, waiting for credit where a line is full. */
  async #stretch(purchase: Purchase, { start, end }: { start: number; end: number }): Promise<number> {
    const { items, reject, bought } = purchase;
    let next = start;
    while (true) {
      const from = this.#clock.monotonic();
      const stretch = this.#router.route(items, { start: next, end, epoch: this.#epoch, reject });
      this.#busyMs += this.#clock.monotonic() - from;
      next = stretch.next;
      bought?.(next);
      if (stretch.blocked === undefined) break;
      const { blocked } = stretch;
      while (!blocked.flush(this.#epoch)) await blocked.sender.ready();
    }
    this.#flushIdle();
    return next;
  }

  /**
   * Ends the epoch if anything came since it began. Resolves to the epoch that ended last.
   *
   * @param settle end it anyway, and have everything finished before it is committed: retries, running turns
   */
  endEpoch({ settle = false }: { settle?: boolean } = {}): Promise<number> {
    return this.#counter.run(async () => {
      const changed = this.#moved || this.#router.routed !== this.#routedBefore;
      if (!changed && !settle) return this.#epoch - 1;
      for (const packer of this.#packers) {
        while (!packer.flush(this.#epoch)) await packer.sender.ready();
      }
      const offsets = Object.fromEntries(this.#offsets);
      for (const packer of this.#packers) packer.sender.barrier(this.#epoch, { offsets, settle });
      this.#routedBefore = this.#router.routed;
      this.#moved = false;
      return this.#epoch++;
    });
  }

  /** Transport has committed `epoch`. */
  committed(epoch: number): void {
    this.#committed = Math.max(this.#committed, epoch);
    const due = this.#commits.filter((wait) => wait.epoch <= this.#committed);
    this.#commits = this.#commits.filter((wait) => wait.epoch > this.#committed);
    for (const wait of due) wait.resolve();
  }

  /** Resolves when `epoch` is committed. */
  untilCommitted(epoch: number): Promise<void> {
    if (epoch <= this.#committed) return Promise.resolve();
    if (this.#closing.signal.aborted) return Promise.reject(this.#closing.signal.reason);
    return new Promise((resolve, reject) => this.#commits.push({ epoch, resolve, reject }));
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
    for (const wait of this.#commits) wait.reject(reason);
    this.#commits = [];
    for (const { sender } of this.#packers) sender.close();
  }

  /** Waits while paused; throws when closing or given up by the buyer's client. */
  async #clearance(signal: AbortSignal | undefined): Promise<void> {
    while (this.#resumed) await this.#resumed.promise;
    this.#closing.signal.throwIfAborted();
    signal?.throwIfAborted();
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
    if (waiting) {
      this.#linger ??= this.#clock.after(this.#lingerMs, () => {
        this.#linger = undefined;
        void this.#counter.run(() => this.#flushAll());
      });
    }
  }

  #flushAll(): void {
    let waiting = false;
    for (const packer of this.#packers) if (!packer.flush(this.#epoch)) waiting = true;
    if (waiting && !this.#closing.signal.aborted) this.#flushIdle();
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
