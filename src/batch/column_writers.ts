/**
 * The kinds of column in the making.
 *
 * @module
 */

import type { Column } from "./batch.ts";
import { bitsOf, ColumnWriter, type Place, resized } from "./column_writer.ts";
import { Part } from "./layout.ts";
import { bytesOf, type Packing } from "./packing.ts";
import { TextWriter } from "./text_writer.ts";

/** A column of any kind. */
export type AnyColumnWriter = NumberWriter | BoolWriter | TextWriter;

/** A column with room for so many rows. */
export function columnWriter(column: Column, capacity: number): AnyColumnWriter {
  return new WRITERS[column.kind](column, capacity);
}

/** Numbers, or dates in milliseconds. */
class NumberWriter extends ColumnWriter {
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
class BoolWriter extends ColumnWriter {
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

const WRITERS = {
  float64: NumberWriter,
  int32: NumberWriter,
  bool: BoolWriter,
  utf8: TextWriter,
  json: TextWriter,
};
