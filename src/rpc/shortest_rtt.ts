/**
 * What a round trip takes when nothing is in its way.
 *
 * @module
 */

/** So long a value counts at least, and twice as long at most: services change, but not by the second. */
const SPAN_MS = 30_000;

/** The shortest round trip of late. Times are those of `clock.monotonic()`. */
export class ShortestRtt {
  #currentMs = Infinity;
  #earlierMs = Infinity;
  #turnsAt = 0;

  /** Milliseconds; `Infinity` before the first value. */
  get ms(): number {
    return Math.min(this.#currentMs, this.#earlierMs);
  }

  /** Takes in one round trip, or the mean of several. */
  update(rttMs: number, at: number): void {
    if (at >= this.#turnsAt) {
      this.#earlierMs = this.#currentMs;
      this.#currentMs = Infinity;
      this.#turnsAt = at + SPAN_MS;
    }
    this.#currentMs = Math.min(this.#currentMs, rttMs);
  }
}
