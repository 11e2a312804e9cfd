/**
 * Spares an endpoint, and its callers, calls that would fail anyway.
 *
 * @module
 */

import { BREAKER_FAILURES, BREAKER_OPEN_MAX_MS, BREAKER_OPEN_MS, BREAKER_WINDOW } from "../core/limits.ts";

/** `closed`: calls pass. `open`: none does. `half-open`: one, as a probe. */
export type BreakerState = "closed" | "open" | "half-open";

/**
 * Opens after some failures in a row, or when half of the last calls have failed. After a while one call may pass as a
 * probe: if it succeeds the circuit closes, if not it is open for twice as long as before.
 *
 * Times are those of `clock.monotonic()`.
 */
export class CircuitBreaker {
  /** Outcomes of the last calls, newest in the lowest bit: 1 is a failure. */
  #outcomes = 0;
  #seen = 0;
  #inRow = 0;
  #state: BreakerState = "closed";
  #openMs: number = BREAKER_OPEN_MS;
  #opensUntil = 0;

  get state(): BreakerState {
    return this.#state;
  }

  /** When a call may pass: now or in the past if one may, `Infinity` while a probe is under way. */
  get passableAt(): number {
    if (this.#state === "half-open") return Infinity;
    return this.#state === "closed" ? 0 : this.#opensUntil;
  }

  /** A call passes. Only when {@link passableAt} allows it. */
  pass(): void {
    if (this.#state === "open") this.#state = "half-open";
  }

  /** It succeeded. @returns whether that closed the circuit */
  succeeded(): boolean {
    if (this.#state === "open") return false; // it was under way when the others failed
    const closes = this.#state === "half-open";
    if (closes) this.#close();
    this.#inRow = 0;
    this.#note(0);
    return closes;
  }

  /** It failed, and that was the endpoint's fault. */
  failed(now: number): void {
    if (this.#state === "open") return;
    this.#inRow++;
    this.#note(1);
    if (this.#state === "half-open") this.#openMs = Math.min(BREAKER_OPEN_MAX_MS, this.#openMs * 2);
    else if (!this.#hasEnough) return;
    this.#state = "open";
    this.#opensUntil = now + this.#openMs;
  }

  /** It ended without a verdict: its caller gave it up. Another may be the probe. */
  gaveUp(now: number): void {
    if (this.#state !== "half-open") return;
    this.#state = "open";
    this.#opensUntil = now;
  }

  get #hasEnough(): boolean {
    if (this.#inRow >= BREAKER_FAILURES) return true;
    return this.#seen >= BREAKER_WINDOW && ones(this.#outcomes) * 2 >= BREAKER_WINDOW;
  }

  #close(): void {
    this.#state = "closed";
    this.#openMs = BREAKER_OPEN_MS;
    this.#outcomes = this.#seen = 0;
  }

  #note(outcome: 0 | 1): void {
    const mask = 2 ** BREAKER_WINDOW - 1;
    this.#outcomes = ((this.#outcomes << 1) | outcome) & mask;
    this.#seen++;
  }
}

function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
