/**
 * The pace of buying, when one is set.
 *
 * @module
 */

import type { Clock } from "../core/mod.ts";

/** Longest stretch of pace that may be made up for after a stall. */
const BURST_MS = 100;

/** Shortest wait worth a timer. */
const TICK_MS = 2;

/** A token bucket: `ratePerSecond` items a second on average, at most a tenth of a second's worth at once. */
export class Pace {
  readonly #clock: Clock;
  #ratePerSecond: number | null;
  #tokens = 0;
  #filledAt: number;

  constructor(clock: Clock, ratePerSecond: number | null) {
    this.#clock = clock;
    this.#ratePerSecond = ratePerSecond;
    this.#filledAt = clock.monotonic();
  }

  get ratePerSecond(): number | null {
    return this.#ratePerSecond;
  }

  /** Sets the pace, or none with null. Takes effect at the next item. */
  set(ratePerSecond: number | null): void {
    this.#fill();
    this.#ratePerSecond = ratePerSecond;
    this.#tokens = Math.min(this.#tokens, this.#most());
  }

  /** How many of `wanted` items may be bought now; they count as bought. */
  take(wanted: number): number {
    if (this.#ratePerSecond === null) return wanted;
    this.#fill();
    const taken = Math.min(wanted, Math.floor(this.#tokens));
    this.#tokens -= taken;
    return taken;
  }

  /** Milliseconds after which to ask again: when something may be bought, or soon enough to hear of a new pace. */
  waitMs(): number {
    if (this.#ratePerSecond === null || this.#tokens >= 1) return 0;
    const dueMs = Math.ceil((1 - this.#tokens) * 1_000 / this.#ratePerSecond);
    return Math.min(BURST_MS, Math.max(TICK_MS, dueMs));
  }

  #fill(): void {
    const now = this.#clock.monotonic();
    if (this.#ratePerSecond !== null) {
      this.#tokens = Math.min(
        this.#most(),
        this.#tokens + (now - this.#filledAt) * this.#ratePerSecond / 1_000,
      );
    }
    this.#filledAt = now;
  }

  #most(): number {
    return Math.max(1, (this.#ratePerSecond ?? 0) * BURST_MS / 1_000);
  }
}
