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
  /** Who waits, and for which department. */
  readonly #waiting = new Map<(error: unknown) => void, string | undefined>();
  #over: { error: unknown } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Settles as `call` does, or rejects when the department is {@link lose lost}, or {@link end} is called. */
  await<T>(call: Promise<T>, department?: string): Promise<T> {
    call.catch(() => {}); // it may reject after it has been given up
    if (this.#over) return Promise.reject(this.#over.error);
    return new Promise((resolve, reject) => {
      const forget = (settle: () => void) => {
        this.#waiting.delete(reject);
        settle();
      };
      this.#waiting.set(reject, department);
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
      return await Promise.race([this.await(call, department), overdue.promise]);
    } finally {
      timer.cancel();
    }
  }

  /** The department will never answer: rejects what waits for it. */
  lose(department: string, error: unknown): void {
    for (const [reject, of] of this.#waiting) {
      if (of !== department) continue;
      this.#waiting.delete(reject);
      reject(error);
    }
  }

  /** Rejects everything that waits, and whatever comes. */
  end(error: unknown): void {
    if (this.#over) return;
    this.#over = { error };
    for (const reject of this.#waiting.keys()) reject(error);
    this.#waiting.clear();
  }
}
