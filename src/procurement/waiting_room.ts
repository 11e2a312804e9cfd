/**
 * Where pushes wait: not too many of them, and not for too long.
 *
 * @module
 */

import { BusyError, type Clock } from "../core/mod.ts";
import { PUSH_ITEMS } from "../core/limits.ts";

/** Who waits. */
export interface Waiting {
  /** How many items. */
  readonly items: number;
  /** False: don't wait if others do. Default true. */
  readonly wait?: boolean;
  /** Longest wait. Default: for ever. */
  readonly waitMs?: number;
  /** What has become of the first items by now. */
  readonly part: () => unknown;
}

/** Counts items that wait, and ends waits that are too long. */
export class WaitingRoom {
  readonly #clock: Clock;
  readonly #waits = new Set<AbortController>();
  #waiting = 0;
  #over: { error: unknown } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Items that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Runs `admit` with a signal that aborts when the wait is over; settles as it does.
   *
   * @throws {BusyError} when too many wait already, and when the wait was too long
   */
  async wait<T>(
    { items, wait = true, waitMs, part }: Waiting,
    admit: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (this.#over) throw this.#over.error;
    if (this.#waiting > 0 && (!wait || this.#waiting + items > PUSH_ITEMS)) {
      throw new BusyError(`procurement: ${this.#waiting} pushed items are waiting already`, {
        fields: { waiting: this.#waiting, retryAfterMs: 1_000 },
      });
    }
    const patience = new AbortController();
    const timer = waitMs === undefined ? undefined : this.#clock.after(waitMs, () => {
      patience.abort(
        new BusyError(`procurement: has had no room for pushed items for ${waitMs} ms`, {
          fields: { retryAfterMs: 1_000, admission: part() },
        }),
      );
    });
    this.#waiting += items;
    this.#waits.add(patience);
    try {
      return await admit(patience.signal);
    } finally {
      this.#waits.delete(patience);
      timer?.cancel();
      this.#waiting -= items;
    }
  }

  /** Ends every wait, and whatever comes. */
  end(error: unknown): void {
    this.#over ??= { error };
    for (const patience of this.#waits) patience.abort(error);
  }
}
