/**
 * How many calls to one service are in flight at most: found out, not configured.
 *
 * @module
 */

import { RttMean } from "./rtt_mean.ts";
import { ShortestRtt } from "./shortest_rtt.ts";

/** The limit is cut to this share of itself. */
const DECREASE = 0.9;

/** So many deviations above its mean a round trip counts as slow. */
const DEVIATIONS = 2.5;

/** Up to so many times the shortest of late nothing is in the way: then it is noise, however steady it was before. */
const FREE_FACTOR = 1.5;

/** After the fast start, what is measured over less than this is a moment: somebody else had the core. */
const STEADY_MS = 25;

/** How an attempt ended, as far as the limit is concerned. */
export interface Sample {
  /** `clock.monotonic()` at its end. */
  readonly at: number;
  /** How long it took; undefined if it failed: what fails is often fast. */
  readonly rttMs: number | undefined;
  /** The service asked for less, or didn't answer in time. */
  readonly backPressure: boolean;
}

/**
 * The rule of Vector's adaptive request concurrency: about once in a round trip, the limit grows by one if it has been
 * reached and round trips take no longer than usual, and is cut to 0.9 of itself after back-pressure or when round
 * trips take more than 2.5 deviations longer than usual. Unlike Vector's, it doubles instead until the first cut, so
 * that a workshop is at full speed after some round trips rather than some hundred; and round trips near the shortest
 * of late are never slow, because where they are steady to a few per cent, noise alone would cut the limit to about 50.
 */
export class AdaptiveLimit {
  readonly #most: number;
  readonly #past = new RttMean();
  readonly #shortest = new ShortestRtt();
  #limit: number;
  #fast = true;
  #sumMs = 0;
  #count = 0;
  #pushedBack = false;
  #reached = false;
  #nextAt = 0;

  constructor({ start, most }: { start: number; most: number }) {
    this.#most = most;
    this.#limit = Math.min(start, most);
  }

  /** Calls that may be in flight, a whole number from 1 up. */
  get current(): number {
    return this.#limit;
  }

  /** Whether nothing has pushed back yet. */
  get fast(): boolean {
    return this.#fast;
  }

  /** An attempt begins, as one of `inFlight`. */
  began(inFlight: number): void {
    if (inFlight >= this.#limit) this.#reached = true;
  }

  /** An attempt has ended. Those that never reached the service say nothing about it and don't belong here. */
  ended({ at, rttMs, backPressure }: Sample): void {
    if (rttMs !== undefined) {
      this.#sumMs += rttMs;
      this.#count++;
    }
    this.#pushedBack ||= backPressure;
    if (at >= this.#nextAt) this.#adjust(at);
  }

  #adjust(at: number): void {
    const nowMs = this.#count === 0 ? undefined : this.#sumMs / this.#count;
    const { meanMs } = this.#past;
    if (this.#pushedBack || this.#isSlow(nowMs)) {
      this.#fast = false;
      this.#limit = Math.max(1, Math.floor(this.#limit * DECREASE));
    } else if (this.#reached && nowMs !== undefined && (this.#fast || nowMs <= (meanMs ?? nowMs))) {
      this.#limit = Math.min(this.#most, this.#fast ? this.#limit * 2 : this.#limit + 1);
    }
    if (nowMs !== undefined) {
      this.#past.update(nowMs);
      this.#shortest.update(nowMs, at);
    }
    this.#nextAt = at + Math.max(this.#past.meanMs ?? 0, this.#fast ? 0 : STEADY_MS);
    this.#sumMs = this.#count = 0;
    this.#pushedBack = this.#reached = false;
  }

  #isSlow(nowMs: number | undefined): boolean {
    const { meanMs, deviationMs } = this.#past;
    if (nowMs === undefined || meanMs === undefined) return false;
    return nowMs > meanMs + DEVIATIONS * deviationMs && nowMs > FREE_FACTOR * this.#shortest.ms;
  }
}
