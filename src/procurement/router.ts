/**
 * From item to line: validate, take the key, hash it, choose the workshop, write the row.
 *
 * @module
 */

import type { ItemCodec } from "../batch/mod.ts";
import { dealSlots, hashKey, ItemError, messageOf, slotOf } from "../core/mod.ts";
import { KEY_UNITS } from "../core/limits.ts";
import type { Packer } from "../line/mod.ts";

/** What a router is made with. */
export interface RouterOptions {
  readonly codec: ItemCodec;
  readonly key: (material: unknown) => string;
  /** One for each workshop. */
  readonly packers: readonly Packer[];
}

/** What routing a stretch of items came to. */
export interface Stretch {
  /** The first item that was not routed. */
  next: number;
  /** A full batch that has no credit to leave with, if that was the reason to stop. */
  blocked: Packer | undefined;
}

/**
 * Writes items into lines. Synchronous, with nothing allocated per item but what the schema's own refinements
 * make.
 */
export class Router {
  readonly #codec: ItemCodec;
  readonly #key: (material: unknown) => string;
  readonly #packers: readonly Packer[];
  readonly #table: Uint16Array;
  /** Items routed so far. */
  routed = 0;

  constructor({ codec, key, packers }: RouterOptions) {
    this.#codec = codec;
    this.#key = key;
    this.#packers = packers;
    this.#table = dealSlots(packers.length);
  }

  /**
   * Routes `items[start] … items[end - 1]` until a line is full. A full batch leaves at once if there is credit.
   *
   * @param reject told of each item that does not fit; the others go on
   */
  route(
    items: readonly unknown[],
    { start, end, epoch, reject }: {
      start: number;
      end: number;
      epoch: number;
      reject: (index: number, error: unknown) => void;
    },
  ): Stretch {
    const { refined } = this.#codec;
    for (let index = start; index < end; index++) {
      try {
        const item = refined ? this.#codec.parse(items[index]) : items[index];
        const key = this.#keyOf(item);
        const hash = hashKey(key);
        const packer = this.#packers[this.#table[slotOf(hash)]];
        packer.append(item, key, hash);
        this.routed++;
        if (packer.full && !packer.flush(epoch)) return { next: index + 1, blocked: packer };
      } catch (error) {
        reject(index, error);
      }
    }
    return { next: end, blocked: undefined };
  }

  #keyOf(item: unknown): string {
    let key: unknown;
    try {
      key = this.#key(item);
    } catch (cause) {
      this.#codec.pick(item); // what is wrong with the item says more than what the key function tripped over
      throw new ItemError(`material: key(material) threw: ${messageOf(cause)}`, {
        fields: { field: "key" },
        cause,
      });
    }
    if (typeof key === "string" && key.length > 0 && key.length <= KEY_UNITS) return key;
    this.#codec.pick(item);
    const found = typeof key !== "string"
      ? key === null ? "null" : typeof key
      : key === ""
      ? "an empty string"
      : `one of ${key.length} characters`;
    throw new ItemError(
      `material: key(material): expected a string of 1 to ${KEY_UNITS} characters, found ${found}`,
      { fields: { field: "key", type: "material", expected: "string", found } },
    );
  }
}
