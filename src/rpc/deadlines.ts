/**
 * The deadlines of all calls to a service.
 *
 * @module
 */

import type { Clock, Timer } from "../core/mod.ts";

/** Something that ends at its deadline at the latest. */
export interface Due {
  /** `clock.monotonic()`; `Infinity` for none. */
  readonly endsAt: number;
  /** Ends it. It is let go of by then. */
  end(reason: unknown, late?: boolean): void;
}

/**
 * Ends what is overdue. There is one timer for all: nearly every call is answered long before its deadline, and a timer
 * of its own would cost it more than its deadline is worth. When it rings, those that are left are looked through.
 */
export class Deadlines {
  readonly clock: Clock;
  readonly #watched = new Set<Due>();
  #timer: Timer | undefined;
  /** `clock.monotonic()`; `Infinity` if it doesn't. */
  #ringsAt = Infinity;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  add(due: Due): void {
    this.#watched.add(due);
    if (due.endsAt < this.#ringsAt) this.#arm(due.endsAt);
  }

  /** It has ended. */
  delete(due: Due): void {
    if (!this.#watched.delete(due) || this.#watched.size > 0) return;
    this.#timer?.cancel();
    this.#ringsAt = Infinity;
  }

  /** Ends everything now. */
  endAll(reason: unknown): void {
    for (const due of this.#watched) {
      this.delete(due);
      due.end(reason);
    }
  }

  #arm(at: number): void {
    this.#timer?.cancel();
    this.#ringsAt = at;
    this.#timer = this.clock.after(Math.max(0, at - this.clock.monotonic()), () => this.#ring());
  }

  #ring(): void {
    const now = this.clock.monotonic();
    let next = this.#ringsAt = Infinity;
    for (const due of this.#watched) {
      if (due.endsAt > now) next = Math.min(next, due.endsAt);
      else {
        this.delete(due);
        due.end(new Error("overdue"), true);
      }
    }
    if (next < this.#ringsAt) this.#arm(next);
  }
}
