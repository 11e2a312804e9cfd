/**
 * The registrar of dead letters: lists them, hands them out for a replay, forgets them.
 *
 * @module
 */

import type { DeadLetterQuery, DeadLetterSelection, StoredDeadLetter } from "../store/mod.ts";
import type { Driver } from "./driver.ts";
import type { Letters } from "./recent_letters.ts";

/** A page of dead letters. */
export interface LetterPage {
  /** The oldest first. */
  letters: StoredDeadLetter[];
  /** How many there are in all. */
  total: number;
  /** The greatest id of all; 0 if there are none. */
  newest: number;
}

/** Speaks of committed letters only: one that isn't may never have been written when its workshop dies. */
export class Registrar {
  readonly #letters: Letters;
  readonly #driver: Driver;

  constructor(letters: Letters, driver: Driver) {
    this.#letters = letters;
    this.#driver = driver;
  }

  list(query: Omit<DeadLetterQuery, "epoch">): LetterPage {
    const { committed: epoch } = this.#driver;
    return {
      letters: this.#letters.list({ ...query, epoch }),
      total: this.#letters.count(epoch),
      newest: this.#letters.newest(epoch),
    };
  }

  /** Takes letters for a replay: nobody else gets them until they are released or gone. */
  take(selection: Omit<DeadLetterSelection, "epoch">): StoredDeadLetter[] {
    return this.#letters.take({ ...selection, epoch: this.#driver.committed });
  }

  release(ids: readonly number[]): void {
    this.#letters.release(ids);
  }

  /** Forgets these letters, or all; resolves to how many when that is committed. */
  async purge(ids?: readonly number[]): Promise<number> {
    const purged = this.#letters.purge(ids, this.#driver.committed);
    await this.#driver.written();
    return purged;
  }
}
