/**
 * What a generator has yielded and nobody has read yet.
 *
 * @module
 */

import { SOURCE_ITEMS } from "../core/limits.ts";
import type { SourceChunk } from "./source.ts";

/**
 * Gathers single items and small arrays into chunks, and cuts large arrays into them. A chunk ends where a yield
 * ends whenever it can, because only there the offset holds.
 */
export class Yields {
  readonly #name: string;
  readonly #sample: (() => unknown) | undefined;
  #items: unknown[] = [];
  /** Where the generator stood behind the last of `#items`. */
  #offset: unknown;
  /** An array that doesn't fit into the chunk: its items from `#next` on, and the offset behind the last. */
  #large: readonly unknown[] | undefined;
  #next = 0;
  #largeOffset: unknown;
  /** Items taken so far. */
  #count = 0;

  constructor(name: string, sample: (() => unknown) | undefined) {
    this.#name = name;
    this.#sample = sample;
  }

  get empty(): boolean {
    return this.#items.length === 0 && this.#large === undefined;
  }

  /** Nothing more may be added before something is taken. */
  get full(): boolean {
    return this.#items.length >= SOURCE_ITEMS || this.#large !== undefined;
  }

  /** Adds what was yielded; asks for the offset now, before the generator goes on. */
  add(yielded: unknown): void {
    const offset = this.#sample && still(this.#sample());
    if (!Array.isArray(yielded)) {
      this.#items.push(yielded);
      this.#offset = offset;
    } else if (this.#items.length === 0 && yielded.length <= SOURCE_ITEMS) {
      this.#items = yielded.slice(); // a copy, at the speed of memory: the generator may fill its array again
      this.#offset = offset;
    } else if (this.#items.length + yielded.length <= SOURCE_ITEMS) {
      for (const item of yielded) this.#items.push(item);
      this.#offset = offset;
    } else {
      this.#large = yielded; // not copied: the generator stands still until the last of it is taken
      this.#next = 0;
      this.#largeOffset = offset;
    }
  }

  /** The next chunk, or undefined if there is nothing. */
  take(): SourceChunk | undefined {
    if (this.#items.length > 0) {
      const chunk = this.#chunk(this.#items, this.#offset);
      this.#items = [];
      if (this.#large && this.#large.length <= SOURCE_ITEMS) this.#begin(this.#large, this.#largeOffset);
      return chunk;
    }
    if (this.#large === undefined) return undefined;
    const items = this.#large.slice(this.#next, this.#next + SOURCE_ITEMS);
    this.#next += items.length;
    if (this.#next < this.#large.length) return this.#chunk(items, undefined);
    this.#large = undefined;
    return this.#chunk(items, this.#largeOffset);
  }

  /** The array that didn't fit is the beginning of the next chunk, which has room for more. */
  #begin(items: readonly unknown[], offset: unknown): void {
    this.#items = items.slice();
    this.#offset = offset;
    this.#large = undefined;
  }

  #chunk(items: readonly unknown[], offset: unknown): SourceChunk {
    const first = this.#count + 1;
    this.#count += items.length;
    return { items, offset, place: (index) => `item ${first + index} of ${this.#name}` };
  }
}

/** An offset that stays as it is whatever the generator does to the object it came from. */
function still(offset: unknown): unknown {
  return typeof offset === "object" && offset !== null ? structuredClone(offset) : offset;
}
