/**
 * A column in the making: a value for each row in memory that is kept from batch to batch. The generated writer
 * stores straight into `values` and `states`; what is at or behind the row count has no meaning, so that forgetting
 * rows means nothing but counting fewer.
 *
 * @module
 */

import type { Column } from "./batch.ts";
import { Dictionary } from "./dictionary.ts";
import { Part, PART_WORDS } from "./layout.ts";
import { bytesOf, type Packing } from "./packing.ts";
import { encodeTexts } from "./wtf8.ts";

/** What a row holds. */
export const State = { value: 0, null: 1, missing: 2 } as const;

/** What of a column goes where. */
export interface Place {
  /** The word of the head at which the column's record begins. */
  readonly record: number;
  readonly rows: number;
}

/** What all columns have. */
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

/** Numbers, or dates in milliseconds. */
export class NumberWriter extends ColumnWriter {
  values: Float64Array | Int32Array;

  constructor(column: Pick<Column, "kind" | "nullable" | "optional">, capacity: number) {
    super(column, capacity);
    this.values = column.kind === "int32" ? new Int32Array(capacity) : new Float64Array(capacity);
  }

  override resize(capacity: number): void {
    super.resize(capacity);
    const Values = this.values.constructor as Float64ArrayConstructor;
    this.values = resized(this.values as Float64Array, new Values(capacity));
  }

  protected override packValues(packing: Packing, { record, rows }: Place): void {
    const bytes = bytesOf(this.values, rows * this.values.BYTES_PER_ELEMENT);
    packing.head[record + Part.values] = packing.add(bytes);
  }
}

/** Booleans, a byte for each until they are packed. */
export class BoolWriter extends ColumnWriter {
  values: Uint8Array;

  constructor(column: Pick<Column, "nullable" | "optional">, capacity: number) {
    super(column, capacity);
    this.values = new Uint8Array(capacity);
  }

  override resize(capacity: number): void {
    super.resize(capacity);
    this.values = resized(this.values, new Uint8Array(capacity));
  }

  protected override packValues(packing: Packing, { record, rows }: Place): void {
    packing.head[record + Part.values] = packing.add(bitsOf(this.values.subarray(0, rows), 1));
  }
}

/** Strings: kept as they are until the batch is sealed, then encoded all at once, which is faster than one by one. */
export class TextWriter extends ColumnWriter {
  readonly values: string[] = [];
  #offsets: Int32Array;
  readonly #dictionary: Dictionary | undefined;

  constructor(column: Pick<Column, "kind" | "nullable" | "optional">, capacity: number) {
    super(column, capacity);
    this.#offsets = new Int32Array(capacity + 1);
    this.#dictionary = column.kind === "utf8" ? new Dictionary() : undefined;
    this.#fill(capacity);
  }

  override resize(capacity: number): void {
    super.resize(capacity);
    this.#offsets = new Int32Array(capacity + 1);
    this.#fill(capacity);
  }

  /** Lets go of the strings from one row up to another. */
  forget(from: number, to: number): void {
    this.values.fill("", from, to);
  }

  protected override packValues(packing: Packing, { record, rows }: Place): void {
    const { head } = packing;
    const dictionary = this.#dictionary?.encode(this.values, rows);
    if (dictionary !== undefined) {
      const { entries, codes } = dictionary;
      head[record + Part.values] = packing.add(codes);
      head[record + Part.entries] = entries.length;
      this.#packTexts(packing, { record, texts: entries, rows: entries.length, offsets: Part.entryOffsets });
    } else {
      this.#packTexts(packing, { record, texts: this.values, rows, offsets: Part.values });
    }
  }

  #packTexts(
    packing: Packing,
    { record, texts, rows, offsets }: {
      record: number;
      texts: readonly string[];
      rows: number;
      offsets: number;
    },
  ): void {
    const { head } = packing;
    const { bytes, format } = encodeTexts(texts, rows, this.#offsets);
    head[record + offsets] = packing.add(bytesOf(this.#offsets, (rows + 1) * 4));
    head[record + Part.text] = packing.add(bytes);
    head[record + Part.textBytes] = bytes.length;
    head[record + Part.format] = format;
  }

  #fill(capacity: number): void {
    while (this.values.length < capacity) this.values.push("");
    this.values.length = capacity;
  }
}

function resized<T extends Uint8Array | Float64Array>(from: T, to: T): T {
  to.set(from.subarray(0, to.length));
  return to;
}

function countOf(bytes: Uint8Array, value: number): number {
  let count = 0;
  for (let row = 0; row < bytes.length; row++) if (bytes[row] === value) count++;
  return count;
}

/** A bitmap, the first row's bit lowest: 1 where a byte is `value`. */
function bitsOf(bytes: Uint8Array, value: number): Uint8Array {
  const bits = new Uint8Array((bytes.length + 7) >> 3);
  for (let row = 0; row < bytes.length; row++) if (bytes[row] === value) bits[row >> 3] |= 1 << (row & 7);
  return bits;
}
