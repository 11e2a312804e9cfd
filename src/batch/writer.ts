/**
 * The writer of batches: columns, the key and its hash, and the generated `append` that fills them.
 *
 * @module
 */

import { BATCH_ROWS } from "../core/limits.ts";
import type { BatchWriter } from "./batch.ts";
import { type AnyColumnWriter, columnWriter } from "./column_writers.ts";
import { Head, recordAt } from "./layout.ts";
import { bytesOf, Packing } from "./packing.ts";
import type { Field } from "./schema.ts";
import { TextWriter } from "./text_writer.ts";

/** What the generated `append` is. */
export type Append = BatchWriter["append"];

/** What a writer is made with. */
export interface WriterOptions {
  readonly fields: readonly Field[];
  readonly fingerprint: number;
  /** Makes the generated `append` of a writer. */
  readonly append: (writer: ColumnarWriter) => Append;
}

/** Rows that a writer has room for at first. */
const FIRST_ROWS = 64;

/** Rows that a writer keeps room for: a batch may be larger while its line has no credit. */
const KEPT_ROWS = 2 * BATCH_ROWS;

/** Smaller batches are mostly head and padding, and tell nothing about how large the next will be. */
const TELLING_BYTES = 8 * 1024;

/** Implements {@link BatchWriter}. The generated `append` uses the members marked so. */
export class ColumnarWriter implements BatchWriter {
  readonly append: Append;
  /** For `append`. */
  rows: number = 0;
  /** For `append`: rows that there is room for. */
  capacity: number = FIRST_ROWS;
  /** For `append`: UTF-16 units of all strings, keys included. */
  units: number = 0;
  /** For `append`. */
  readonly columns: readonly AnyColumnWriter[];
  /** For `append`. */
  readonly keys: TextWriter;
  /** For `append`. */
  hashes: Int32Array = new Int32Array(FIRST_ROWS);
  readonly #packing: Packing;
  readonly #texts: readonly TextWriter[];
  readonly #keyCandidates: readonly number[];
  readonly #rowBytes: number;
  #keyColumn = -1;
  /** Bytes that the last batch took for each that was guessed: dictionaries and shared keys make it less than 1. */
  #share = 1;

  constructor({ fields, fingerprint, append }: WriterOptions) {
    this.columns = fields.map((field) => columnWriter(field, FIRST_ROWS));
    this.keys = new TextWriter({ kind: "utf8", nullable: false, optional: false }, FIRST_ROWS);
    this.#texts = [...this.columns, this.keys].filter((column) => column instanceof TextWriter);
    this.#keyCandidates = fields.flatMap(({ kind, nullable, optional }, i) =>
      kind === "utf8" && !nullable && !optional ? [i] : []
    );
    this.#rowBytes = fields.reduce((bytes, { kind }) => bytes + VALUE_BYTES[kind], VALUE_BYTES.int32);
    this.#packing = new Packing({ columns: fields.length, fingerprint });
    this.append = append(this);
  }

  get bytes(): number {
    return (this.rows * this.#rowBytes + this.units) * this.#share;
  }

  truncate(rows: number): void {
    if (rows >= this.rows) return;
    for (const column of this.#texts) {
      for (let row = rows; row < this.rows; row++) this.units -= column.values[row].length;
      column.forget(rows, this.rows);
    }
    this.rows = rows;
  }

  seal(spare?: ArrayBuffer): ArrayBuffer {
    const { rows, columns } = this;
    const packing = this.#packing;
    const { head } = packing;
    packing.begin();
    head[Head.hashes] = packing.add(bytesOf(this.hashes, rows * 4));
    columns.forEach((column, i) => column.pack(packing, { record: recordAt(i), rows }));
    this.#keyColumn = this.#findKeyColumn();
    head[Head.keyColumn] = this.#keyColumn;
    if (this.#keyColumn === -1) this.keys.pack(packing, { record: recordAt(columns.length), rows });
    const buffer = packing.seal(rows, spare);
    this.#startAnew(head[Head.used]);
    return buffer;
  }

  /** For `append`: makes room. */
  grow(): void {
    this.#resize(this.capacity * 2);
  }

  /** The column that has every row's key; the last batch's is the best guess. */
  #findKeyColumn(): number {
    const keys = this.keys.values;
    const isKey = (column: number): boolean => {
      const { values } = this.columns[column] as TextWriter;
      for (let row = 0; row < this.rows; row++) if (values[row] !== keys[row]) return false;
      return true;
    };
    if (this.#keyColumn !== -1 && isKey(this.#keyColumn)) return this.#keyColumn;
    return this.#keyCandidates.find(isKey) ?? -1;
  }

  #startAnew(used: number): void {
    const guessed = this.rows * this.#rowBytes + this.units;
    if (guessed >= TELLING_BYTES) this.#share = Math.min(4, Math.max(0.25, used / guessed));
    for (const column of this.#texts) column.forget(0, this.rows);
    this.rows = 0;
    this.units = 0;
    if (this.capacity > KEPT_ROWS) this.#resize(KEPT_ROWS);
  }

  #resize(capacity: number): void {
    this.capacity = capacity;
    const hashes = new Int32Array(capacity);
    hashes.set(this.hashes.subarray(0, capacity));
    this.hashes = hashes;
    for (const column of [...this.columns, this.keys]) column.resize(capacity);
  }
}

/** Bytes of a value, those of text not counted. */
const VALUE_BYTES = { float64: 8, int32: 4, bool: 1, utf8: 4, json: 4 };
