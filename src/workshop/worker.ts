/**
 * The worker: the processor of one key, with its state and its belt.
 *
 * @module
 */

import type { DismissReason, Worker } from "../blueprint/mod.ts";
import type { Clock, Timer } from "../core/mod.ts";
import type { Job } from "./job.ts";

/** What all workers of a workshop share. */
export interface Floor {
  readonly clock: Clock;
  /** A timer rings for whoever serves the key now. */
  ring(key: string, hash: number, name: string): void;
}

interface Alarm {
  readonly timer: Timer;
  /** ms since 1970. */
  readonly at: number;
}

/**
 * One live key. A few words of memory each, for a million of them: everything that only busy workers need is
 * made when they need it.
 */
export class KeyedWorker implements Worker {
  readonly key: string;
  readonly hash: number;
  readonly hiredAt: number;
  state: unknown;
  processed = 0;
  /** Place on the roster; -1 when dismissed. */
  index = -1;
  /** The job under way: an asynchronous turn, or one that waits to be tried again. */
  job: Job | undefined = undefined;
  /** Jobs that wait behind it, oldest first. */
  belt: Job[] | undefined = undefined;
  /** The ledger's epoch in which it changed last. */
  touchedIn = 0;
  /** Dismiss it when its belt is empty, for this reason. */
  leaving: DismissReason | undefined = undefined;
  readonly #floor: Floor;
  #timers: Map<string, Alarm> | undefined = undefined;
  #abort: AbortController | undefined = undefined;

  constructor({ key, hash, state, floor, hiredAt = floor.clock.now() }: {
    key: string;
    hash: number;
    state: unknown;
    floor: Floor;
    hiredAt?: number;
  }) {
    this.key = key;
    this.hash = hash;
    this.state = state;
    this.hiredAt = hiredAt;
    this.#floor = floor;
  }

  /** Whether it has something to do, now or at a set time. */
  get busy(): boolean {
    return this.job !== undefined || this.belt !== undefined || this.#timers !== undefined;
  }

  /** Items that wait, with the one under way. */
  get waiting(): number {
    return (this.job ? 1 : 0) + (this.belt?.length ?? 0);
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  now(): number {
    return this.#floor.clock.now();
  }

  after(ms: number, name: string): void {
    if (!(ms >= 0)) throw new RangeError(`worker.after: expected milliseconds, 0 or more, found ${ms}`);
    if (this.index < 0) return; // dismissed, or replaced: a turn that nobody waits for any more
    this.cancel(name);
    this.#timers ??= new Map();
    const timer = this.#floor.clock.after(ms, () => this.#floor.ring(this.key, this.hash, name));
    this.#timers.set(name, { timer, at: this.now() + ms });
  }

  cancel(name: string): void {
    this.#timers?.get(name)?.timer.cancel();
    this.rang(name);
  }

  /** The timer is done with. */
  rang(name: string): void {
    if (this.#timers?.delete(name) && this.#timers.size === 0) this.#timers = undefined;
  }

  /** The turn is over: a signal that somebody asked for is of no more use. */
  settle(): void {
    this.#abort = undefined;
  }

  /** Aborts the signal of the turn under way, for good: the turn may ask for it only later. */
  abort(reason: unknown): void {
    this.#abort ??= new AbortController();
    this.#abort.abort(reason);
  }

  /** Names of the timers that are set, and when they ring: ms since 1970. */
  timers(): [name: string, at: number][] {
    return [...this.#timers ?? []].map(([name, { at }]) => [name, at]);
  }

  /** Cancels every timer. */
  rest(): void {
    for (const { timer } of this.#timers?.values() ?? []) timer.cancel();
    this.#timers = undefined;
  }

  /**
   * Another worker for the same key that takes over belt and timers, while this one stays with a turn that nobody
   * waits for any more: what that turn still does to its state or signal reaches no one.
   */
  replace(state: unknown): KeyedWorker {
    const heir = new KeyedWorker({
      key: this.key,
      hash: this.hash,
      state,
      floor: this.#floor,
      hiredAt: this.hiredAt,
    });
    heir.processed = this.processed;
    heir.belt = this.belt;
    heir.leaving = this.leaving;
    heir.#timers = this.#timers;
    this.#timers = undefined;
    this.belt = undefined;
    return heir;
  }
}
