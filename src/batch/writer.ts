/**
 * The writer of batches: columns, the key and its hash, and the generated `append` that fills them.
 *
 * @module
 */

import { BATCH_ROWS } from "../core/limits.ts";
import type { BatchWriter, Column } from "./batch.ts";
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
  /** For `append`: UTF-16 units of all strings, and of the keys if they have a column of their own. */
  units: number = 0;
  /** For `append`: the column that has had every row's key so far; -1 if there is none. */
  keyColumn: number;
  /** For `append`. */
  readonly columns: readonly AnyColumnWriter[];
  /** Keys that are no field; nothing as long as they are one. */
  readonly #keys: TextWriter;
  /** For `append`. */
  hashes: Int32Array = new Int32Array(FIRST_ROWS);
  readonly #packing: Packing;
  readonly #texts: readonly TextWriter[];
  readonly #keyCandidates: readonly number[];
  /** The column that was the key last. */
  #likelyKey: number;
  readonly #rowBytes: number;
  /** Bytes that the last batch took for each that was guessed: dictionaries and shared keys make it less than 1. */
  #share = 1;

  constructor({ fields, fingerprint, append }: WriterOptions) {
    this.columns = fields.map((field) => columnWriter(field, FIRST_ROWS));
    this.#keys = new TextWriter({ kind: "utf8", nullable: false, optional: false }, FIRST_ROWS);
    this.#texts = this.columns.filter((column) => column instanceof TextWriter);
    this.#keyCandidates = fields.flatMap((field, i) => mayBeKey(field) ? [i] : []);
    this.#likelyKey = this.keyColumn = this.#keyCandidates[0] ?? -1;
    this.#rowBytes = fields.reduce((bytes, { kind }) => bytes + VALUE_BYTES[kind], VALUE_BYTES.int32);
    this.#packing = new Packing({ columns: fields.length, fingerprint });
    this.append = append(this);
  }

  get bytes(): number {
    return (this.rows * this.#rowBytes + this.units) * this.#share;
  }

  truncate(rows: number): void {
    if (rows >= this.rows) return;
    for (const column of this.#texts) this.#forget(column, rows);
    if (this.keyColumn === -1) this.#forget(this.#keys, rows);
    this.rows = rows;
    if (this.keyColumn === -1) this.#rejoin();
  }

  /** For `append`: the row's key, which is not what stands in `keyColumn`. */
  ownKey(row: number, key: string): void {
    if (row === 0) {
      this.keyColumn = this.#keyCandidates.find((column) => this.#text(column).values[0] === key) ?? -1;
      if (this.keyColumn >= 0) this.#likelyKey = this.keyColumn;
    } else if (this.keyColumn >= 0) {
      this.#keys.take(this.#text(this.keyColumn), row);
      for (let before = 0; before < row; before++) this.units += this.#keys.values[before].length;
      this.keyColumn = -1;
    }
    if (this.keyColumn >= 0) return;
    this.#keys.values[row] = key;
    this.units += key.length;
  }

  seal(spare?: ArrayBuffer): ArrayBuffer {
    const { rows, columns } = this;
    const packing = this.#packing;
    const { head } = packing;
    packing.begin();
    head[Head.hashes] = packing.add(bytesOf(this.hashes, rows * 4));
    columns.forEach((column, i) => column.pack(packing, { record: recordAt(i), rows }));
    head[Head.keyColumn] = this.keyColumn;
    if (this.keyColumn === -1) this.#keys.pack(packing, { record: recordAt(columns.length), rows });
    const buffer = packing.seal(rows, spare);
    this.#startAnew(head[Head.used]);
    return buffer;
  }

  /** For `append`: makes room. */
  grow(): void {
    this.#resize(this.capacity * 2);
  }

  /** The rows that are left may all have their key in a field again. */
  #rejoin(): void {
    const isKey = (column: number): boolean => {
      const { values } = this.#text(column);
      for (let row = 0; row < this.rows; row++) if (values[row] !== this.#keys.values[row]) return false;
      return true;
    };
    this.keyColumn = this.#keyCandidates.find(isKey) ?? -1;
    if (this.keyColumn >= 0) this.#forget(this.#keys, 0);
  }

  #text(column: number): TextWriter {
    return this.columns[column] as TextWriter;
  }

  #forget(column: TextWriter, from: number): void {
    for (let row = from; row < this.rows; row++) this.units -= column.values[row].length;
    column.forget(from, this.rows);
  }

  #startAnew(used: number): void {
    const guessed = this.rows * this.#rowBytes + this.units;
    if (guessed >= TELLING_BYTES) this.#share = Math.min(4, Math.max(0.25, used / guessed));
    for (const column of this.#texts) column.forget(0, this.rows);
    if (this.keyColumn === -1) this.#keys.forget(0, this.rows);
    this.rows = 0;
    this.units = 0;
    this.keyColumn = this.#likelyKey;
    if (this.capacity > KEPT_ROWS) this.#resize(KEPT_ROWS);
  }

  #resize(capacity: number): void {
    this.capacity = capacity;
    const hashes = new Int32Array(capacity);
    hashes.set(this.hashes.subarray(0, capacity));
    this.hashes = hashes;
    for (const column of [...this.columns, this.#keys]) column.resize(capacity);
  }
}

/** Whether a column can stand for the keys: every row has a string there. */
export function mayBeKey({ kind, nullable, optional }: Column): boolean {
  return kind === "utf8" && !nullable && !optional;
}

/** Bytes of a value, those of text not counted. */
const VALUE_BYTES = { float64: 8, int32: 4, bool: 1, utf8: 4, json: 4 };
