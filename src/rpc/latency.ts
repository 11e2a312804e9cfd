/**
 * How fast an endpoint has answered lately.
 *
 * @module
 */

/** Weight of the newest answer. */
const ALPHA = 0.2;

/** What is known fades: after this long without an answer, to about a third. */
const FADES_MS = 10_000;

/**
 * An exponentially weighted moving average that fades while nothing is heard: an endpoint that was slow once is tried
 * again. Times are those of `clock.monotonic()`.
 */
export class Latency {
  #valueMs: number | undefined;
  #updatedAt = 0;

  /** An answer came. */
  update(rttMs: number, now: number): void {
    this.#valueMs = this.#valueMs === undefined ? rttMs : this.#valueMs + ALPHA * (rttMs - this.#valueMs);
    this.#updatedAt = now;
  }

  /** Milliseconds; undefined if it has never answered. */
  at(now: number): number | undefined {
    return this.#valueMs && this.#valueMs * Math.exp((this.#updatedAt - now) / FADES_MS);
  }
}
