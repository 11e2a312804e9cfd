/**
 * A clock that stands still until it is told otherwise.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import type { Clock, Timer } from "../core/mod.ts";

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Rounds of the event loop without anything to do after which everything counts as waiting for time to pass. */
const QUIET_ROUNDS = 3;

/**
 * Time as tests want it: hours pass in milliseconds, in an order that depends on the seed and nothing else.
 *
 * What is due at the same time runs in the order in which it was asked for; among tasks asked for with
 * {@link VirtualClock.soon} the seed chooses, which is how messages of different channels overtake one another.
 *
 * @example
 * ```ts
 * import { VirtualClock } from "@shopfloor/shopfloor/testing";
 * import assert from "node:assert/strict";
 *
 * const clock = new VirtualClock();
 * const rung: number[] = [];
 * clock.after(3_600_000, () => rung.push(clock.monotonic()));
 * await clock.advance(7_200_000); // two hours
 * assert.deepEqual(rung, [3_600_000]);
 * ```
 */
export class VirtualClock implements Clock {
  readonly #random: () => number;
  readonly #startedAt: number;
  #now: number;
  #order = 0;
  #alarms: Alarm[] = [];
  #tasks: (() => void)[] = [];

  /**
   * `seed` (default 1) fixes what {@link VirtualClock.random} gives and the order of tasks; `now` (default the
   * beginning of 2026, UTC) is what the clock shows at first, in ms since 1970.
   */
  constructor({ seed = 1, now = Date.UTC(2026, 0, 1) }: { seed?: number; now?: number } = {}) {
    this.#random = randomFrom(seed);
    this.#startedAt = now;
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#startedAt;
  }

  after(ms: number, run: () => void): Timer {
    const alarm: Alarm = { at: this.#now + Math.max(0, ms), order: this.#order++, run };
    this.#alarms.push(alarm);
    return { cancel: () => void (this.#alarms = this.#alarms.filter((other) => other !== alarm)) };
  }

  soon(run: () => void): void {
    this.#tasks.push(run);
  }

  /** 0 to 1, from the seed. */
  random(): number {
    return this.#random();
  }

  /** Lets `ms` milliseconds pass, with everything that happens in them. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#settle();
    while (this.#nextAt() <= end) {
      this.#ring();
      await this.#settle();
    }
    this.#now = end;
  }

  /**
   * Lets time pass until `promise` settles, and settles as it does.
   *
   * @throws {Error} when nothing is left to happen, or `limitMs` have passed
   */
  async until<T>(promise: Promise<T>, { limitMs = 3_600_000 }: { limitMs?: number } = {}): Promise<T> {
    let settled = false;
    const mark = () => void (settled = true);
    promise.then(mark, mark);
    const end = this.#now + limitMs;
    while (true) {
      await this.#settle(() => settled);
      if (settled) return promise;
      if (this.#alarms.length === 0 || this.#nextAt() > end) {
        throw new Error(
          this.#alarms.length === 0
            ? "virtual clock: nothing is left to happen"
            : `virtual clock: not settled within ${limitMs} ms`,
        );
      }
      this.#ring();
    }
  }

  /** Runs tasks and lets promises settle until nothing moves any more. */
  async #settle(enough: () => boolean = () => false): Promise<void> {
    for (let quiet = 0; quiet < QUIET_ROUNDS && !enough();) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      if (this.#tasks.length === 0) quiet++;
      else {
        quiet = 0;
        const [task] = this.#tasks.splice(Math.floor(this.#random() * this.#tasks.length), 1);
        task();
      }
    }
  }

  #nextAt(): number {
    return this.#alarms.reduce((at, alarm) => Math.min(at, alarm.at), Infinity);
  }

  #ring(): void {
    const next = this.#alarms.reduce((a, b) => b.at < a.at || (b.at === a.at && b.order < a.order) ? b : a);
    this.#alarms = this.#alarms.filter((alarm) => alarm !== next);
    this.#now = Math.max(this.#now, next.at);
    next.run();
  }
}

/** Mulberry32: small, fast, and the same everywhere. @returns numbers from 0 up to 1 */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
