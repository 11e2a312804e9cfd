/**
 * Accidents on purpose, for tests of what a factory does about them.
 *
 * @module
 */

/** A department that can have an accident. */
export interface Victim {
  /** Ends it at once, in the middle of whatever it is doing. */
  readonly end: () => void;
  /** Tells headquarters what it died of. */
  readonly onFailure: (error: Error) => void;
}

/**
 * Lets departments of an {@link inline} factory die: handed to it as `accidents`. Those that take their places can
 * die as well.
 *
 * @example
 * ```ts
 * import { Accidents } from "@shopfloor/shopfloor/testing";
 * import assert from "node:assert/strict";
 *
 * const accidents = new Accidents();
 * assert.equal(accidents.kill("workshop 0"), false); // there is none yet
 * ```
 */
export class Accidents {
  readonly #victims = new Map<string, Victim>();

  /** Names of the departments at work: `procurement`, `transport`, `operations`, `workshop 0`, … */
  get departments(): string[] {
    return [...this.#victims.keys()];
  }

  /** The department dies, and headquarters is told what of. False if it isn't at work. */
  kill(department: string, error: Error = new Error("it was killed")): boolean {
    const victim = this.#remove(department);
    victim?.onFailure(error);
    return victim !== undefined;
  }

  /** The department dies without a word: only its silence tells. False if it isn't at work. */
  silence(department: string): boolean {
    return this.#remove(department) !== undefined;
  }

  /** The inline factory calls it with everybody who begins to work. */
  enter(department: string, victim: Victim): void {
    this.#victims.set(department, victim);
  }

  #remove(department: string): Victim | undefined {
    const victim = this.#victims.get(department);
    this.#victims.delete(department);
    victim?.end();
    return victim;
  }
}
