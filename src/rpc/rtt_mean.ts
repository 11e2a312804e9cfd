/**
 * What round trips usually take, and how far they usually are from that.
 *
 * @module
 */

/** Weight of the newest value: that of Vector's adaptive request concurrency. */
const ALPHA = 0.4;

/** Round trips count in steps of this: equal ones must not differ by the last bit of their sums. */
const STEP_MS = 0.001;

/** An exponentially weighted moving mean with its deviation (T. Finch, "Incremental calculation of weighted mean and variance"). */
export class RttMean {
  #mean: number | undefined;
  #variance = 0;

  /** Milliseconds; undefined before the first value. */
  get meanMs(): number | undefined {
    return this.#mean;
  }

  /** Standard deviation, milliseconds; 0 before the second value. */
  get deviationMs(): number {
    return Math.sqrt(this.#variance);
  }

  /** Takes in one round trip, or the mean of several. */
  update(rttMs: number): void {
    const value = Math.round(rttMs / STEP_MS) * STEP_MS;
    if (this.#mean === undefined) {
      this.#mean = value;
      return;
    }
    const difference = value - this.#mean;
    const step = ALPHA * difference;
    this.#mean += step;
    this.#variance = (1 - ALPHA) * (this.#variance + difference * step);
  }
}
