import type { Column } from "./batch.ts";
import { Part, PART_WORDS } from "./layout.ts";
import type { Packing } from "./packing.ts";

/** What a row holds. */
export const State = { value: 0, null: 1, missing: 2 } as const;

/** What of a column goes where. */
export interface Place {
  /** The word of the head at which the column's record begins. */
  readonly record: number;
  readonly rows: number;
}

/**
 * A column in the making, what all kinds have in common: a value for each row, in memory that is kept from batch to
 * batch. The generated `append` stores straight into `values` and `states`; what is at or behind the row count has no
 * meaning, so that forgetting rows means nothing but counting fewer.
 */
export abstract class ColumnWriter {
  /** A {@link State} for each row, where the column may be null or missing. */
  states: Uint8Array;
  readonly #nullable: boolean;
  readonly #optional: boolean;

  constructor({ nullable, optional }: Pick<Column, "nullable" | "optional">, capacity: number) {
    this.#nullable = nullable;
    this.#optional = optional;
    this.states = new Uint8Array(nullable || optional ? capacity : 0);
  }

  /** Makes room for so many rows, and keeps those that there are. */
  resize(capacity: number): void {
    if (this.#nullable || this.#optional) this.states = resized(this.states, new Uint8Array(capacity));
  }

  /** Adds the column to a batch. */
  pack(packing: Packing, place: Place): void {
    packing.head.fill(0, place.record, place.record + PART_WORDS);
    if (this.#nullable || this.#optional) this.#packStates(packing, place);
    this.packValues(packing, place);
  }

  protected abstract packValues(packing: Packing, place: Place): void;

  #packStates(packing: Packing, { record, rows }: Place): void {
    const states = this.states.subarray(0, rows);
    if (countOf(states, State.value) === rows) return;
    packing.head[record + Part.validity] = packing.add(bitsOf(states, State.value));
    if (!this.#nullable || !this.#optional) return;
    packing.head[record + Part.missing] = packing.add(bitsOf(states, State.missing));
  }
}

/** Copies as much as there is room for. */
export function resized<T extends Uint8Array | Float64Array>(from: T, to: T): T {
  to.set(from.subarray(0, to.length));
  return to;
}

function countOf(bytes: Uint8Array, value: number): number {
  let count = 0;
  for (let row = 0; row < bytes.length; row++) if (bytes[row] === value) count++;
  return count;
}

/** A bitmap, the first row's bit lowest: 1 where a byte is `value`. */
export function bitsOf(bytes: Uint8Array, value: number): Uint8Array {
  const bits = new Uint8Array((bytes.length + 7) >> 3);
  for (let row = 0; row < bytes.length; row++) if (bytes[row] === value) bits[row >> 3] |= 1 << (row & 7);
  return bits;
}
