/**
 * From item to line: validate, take the key, hash it, choose the workshop, write the row.
 *
 * @module
 */

import type { ItemCodec } from "../batch/mod.ts";
import { dealSlots, hashKey, slotOf } from "../core/mod.ts";
import type { Packer } from "../line/mod.ts";
import type { ClassFigures } from "../metrics/mod.ts";
import type { Classes } from "./classes.ts";
import { type Keying, keyOf } from "./key_of.ts";
import { ITEMS_AHEAD, KeysAhead } from "./keys_ahead.ts";

/** What a router is made with. */
export interface RouterOptions {
  readonly codec: ItemCodec;
  readonly key: (material: unknown) => string;
  /** Where the blueprint has an affinity. */
  readonly classes?: Classes;
  /** One for each workshop. */
  readonly packers: readonly Packer[];
  /** The workshop of each slot. Default: slots are dealt out in turn. */
  readonly table?: Uint16Array;
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
  readonly #keying: Keying;
  readonly #ahead: KeysAhead;
  #packers: readonly Packer[];
  #table: Uint16Array;
  /** Items routed so far. */
  routed = 0;

  constructor({ codec, key, classes, packers, table = dealSlots(packers.length) }: RouterOptions) {
    this.#keying = { codec, key, classes };
    this.#ahead = new KeysAhead(key as (item: unknown) => unknown);
    this.#packers = packers;
    this.#table = table;
  }

  /** By class, if there are any. */
  get classes(): ClassFigures[] | undefined {
    return this.#keying.classes?.figures(this.#table);
  }

  /** Routes by another table from now on. */
  deal(packers: readonly Packer[], table: Uint16Array): void {
    this.#packers = packers;
    this.#table = table;
  }

  /**
   * Routes `items[start] … items[end - 1]` until a line is full. A full batch leaves at once if there is credit.
   *
   * @param reject told of each item that does not fit; the others go on
   * @param keys given, the items have been through the schema before, and these are their keys
   */
  route(
    items: readonly unknown[],
    { start, end, epoch, reject, keys }: {
      start: number;
      end: number;
      epoch: number;
      reject: (index: number, error: unknown) => void;
      keys?: readonly string[];
    },
  ): Stretch {
    const { codec, classes } = this.#keying;
    const refined = codec.refined && keys === undefined;
    const ahead = refined || keys ? undefined : this.#ahead;
    for (let index = start; index < end; index++) {
      const place = (index - start) % ITEMS_AHEAD;
      if (place === 0) ahead?.take(items, { start: index, end: Math.min(end, index + ITEMS_AHEAD) });
      try {
        const item = refined ? codec.parse(items[index]) : items[index];
        const key = keys ? keys[index] : ahead?.at(place) ?? keyOf(item, this.#keying);
        const hash = classes === undefined ? hashKey(key) : classes.hash(item, key);
        const packer = this.#packers[this.#table[slotOf(hash)]];
        packer.append(item, key, hash);
        this.routed++;
        classes?.bought(hash);
        if (packer.full && !packer.flush(epoch)) return { next: index + 1, blocked: packer };
      } catch (error) {
        reject(index, error);
      }
    }
    return { next: end, blocked: undefined };
  }
}
