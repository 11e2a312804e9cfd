/**
 * Keys of items that are about to be routed.
 *
 * @module
 */

import { isKey } from "./key_of.ts";

/** Items whose keys are taken at once. */
export const ITEMS_AHEAD: number = 64;

/**
 * Takes the keys of many items before any of them is hashed. With many keys their characters are in none of the
 * processor's caches: looking at all of them first has it fetch many at the same time.
 */
export class KeysAhead {
  readonly #keys: (string | undefined)[] = new Array(ITEMS_AHEAD).fill(undefined);
  readonly #read: (item: unknown) => unknown;

  constructor(read: (item: unknown) => unknown) {
    this.#read = read;
  }

  /** Takes the keys of `items[start] … items[end - 1]`, {@link ITEMS_AHEAD} at most. */
  take(items: readonly unknown[], { start, end }: { start: number; end: number }): void {
    for (let index = start; index < end; index++) this.#keys[index - start] = this.#attempt(items[index]);
    for (let place = 0; place < end - start; place++) {
      if (!isKey(this.#keys[place])) this.#keys[place] = undefined;
    }
  }

  /** The key of the item at `start + place`; undefined if it has none, and somebody has to say why. */
  at(place: number): string | undefined {
    return this.#keys[place];
  }

  #attempt(item: unknown): string | undefined {
    try {
      return this.#read(item) as string;
    } catch {
      return undefined;
    }
  }
}
