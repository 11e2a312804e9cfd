/**
 * The classes of a blueprint with an affinity: where the keys of each are put, and how many items of each come.
 *
 * @module
 */

import type { ItemCodec } from "../batch/mod.ts";
import type { Placement } from "../blueprint/mod.ts";
import { type Block, hashKey, ItemError, messageOf, placeIn, slotOf } from "../core/mod.ts";
import { SLOTS } from "../core/limits.ts";
import type { ClassFigures } from "../metrics/mod.ts";

/** Puts keys into the slots of their classes. */
export class Classes {
  readonly #placement: Placement;
  readonly #codec: ItemCodec;
  readonly #declared: ReadonlyMap<string, Block> | undefined;
  /** Items bought, by slot. */
  readonly #bought = new Float64Array(SLOTS);

  constructor(placement: Placement, codec: ItemCodec) {
    this.#placement = placement;
    this.#codec = codec;
    const { blocks, declared } = placement;
    this.#declared = declared ? new Map(blocks.map((block) => [block.name, block])) : undefined;
  }

  /**
   * The hash of an item's key, in a slot of the item's class.
   *
   * @throws {ItemError} when the class is none; or what is wrong with the item, if that is why
   */
  hash(item: unknown, key: string): number {
    return placeIn(this.#blockOf(item), hashKey(key));
  }

  /** An item with this hash is on a line. */
  bought(hash: number): void {
    this.#bought[slotOf(hash)]++;
  }

  /** What has come of each class, and the workshops that `table` gives it. */
  figures(table: Uint16Array): ClassFigures[] {
    return this.#placement.blocks.map(({ name, first, slots }) => ({
      name,
      materials: this.#bought.subarray(first, first + slots).reduce((sum, count) => sum + count, 0),
      workshops: [...new Set(table.subarray(first, first + slots))].sort((a, b) => a - b),
    }));
  }

  #blockOf(item: unknown): Block {
    const { of, blocks } = this.#placement;
    let found: unknown;
    try {
      found = of(item);
    } catch (cause) {
      this.#codec.pick(item); // what is wrong with the item says more than what the function tripped over
      throw new ItemError(`material: affinity(material) threw: ${messageOf(cause)}`, {
        fields: { field: "affinity" },
        cause,
      });
    }
    const block = typeof found !== "string"
      ? undefined
      : this.#declared
      ? this.#declared.get(found)
      : blocks[hashKey(found) % blocks.length];
    if (block) return block;
    this.#codec.pick(item);
    throw this.#unknown(found);
  }

  #unknown(found: unknown): ItemError {
    const shown = typeof found === "string" ? JSON.stringify(found) : found === null ? "null" : typeof found;
    const expected = this.#declared
      ? `one of the classes ${[...this.#declared.keys()].map((name) => JSON.stringify(name)).join(", ")}`
      : "a string";
    return new ItemError(`material: affinity(material): expected ${expected}, found ${shown}`, {
      fields: { field: "affinity", type: "material", expected, found: shown },
    });
  }
}
