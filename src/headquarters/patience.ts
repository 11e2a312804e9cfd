/**
 * Waits that don't outlive what they wait for.
 *
 * @module
 */

import { type Clock, DeadlineError, DepartmentError } from "../core/mod.ts";
import { CALL_MS } from "../core/limits.ts";

/**
 * Calls to departments under way. A Comlink call to a Web Worker that has died never settles by itself, so that
 * every one goes through here: it ends when the factory fails or closes, and the quick ones at a deadline too.
 */
export class Patience {
  readonly #clock: Clock;
  readonly #waiting = new Set<(error: unknown) => void>();
  #over: { error: unknown } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Settles as `call` does, or rejects when {@link end} is called. */
  await<T>(call: Promise<T>): Promise<T> {
    call.catch(() => {}); // it may reject after it has been given up
    if (this.#over) return Promise.reject(this.#over.error);
    return new Promise((resolve, reject) => {
      const forget = (settle: () => void) => {
        this.#waiting.delete(reject);
        settle();
      };
      this.#waiting.add(reject);
      call.then((value) => forget(() => resolve(value)), (error) => forget(() => reject(error)));
    });
  }

  /** As {@link await}, for calls that are answered at once or never. */
  async quick<T>(department: string, call: Promise<T>, ms: number = CALL_MS): Promise<T> {
    const overdue = Promise.withResolvers<never>();
    const timer = this.#clock.after(ms, () => {
      const cause = new DeadlineError(`${department}: no answer within ${ms} ms`, { fields: { ms } });
      overdue.reject(new DepartmentError(cause.message, { fields: { department }, cause }));
    });
    overdue.promise.catch(() => {});
    try {
      return await Promise.race([this.await(call), overdue.promise]);
    } finally {
      timer.cancel();
    }
  }

  /** Rejects everything that waits, and whatever comes. */
  end(error: unknown): void {
    if (this.#over) return;
    this.#over = { error };
    for (const reject of this.#waiting) reject(error);
    this.#waiting.clear();
  }
}
