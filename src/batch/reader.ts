/**
 * The reader of batches.
 *
 * @module
 */

import type { BatchReader, Column } from "./batch.ts";
import type { ColumnReader } from "./column_reader.ts";
import { columnReader, keyReader } from "./column_readers.ts";
import { Head, recordAt } from "./layout.ts";
import { Page } from "./page.ts";
import { TextReader } from "./text_reader.ts";

/** What a reader is made with. */
export interface ReaderOptions {
  readonly what: string;
  readonly columns: readonly Column[];
  readonly fingerprint: number;
  /** Makes the generated function that builds the item of a row. */
  readonly item: (columns: readonly ColumnReader[]) => (row: number) => unknown;
}

/** Implements {@link BatchReader}. */
export class ColumnarReader implements BatchReader {
  readonly item: (row: number) => unknown;
  readonly #page: Page;
  readonly #names: readonly string[];
  readonly #columns: readonly ColumnReader[];
  /** The key's own column. */
  readonly #keys: TextReader;
  /** The column that has the keys: their own, or a field's. */
  #key: TextReader;
  #hashes = 0;

  constructor({ what, columns, fingerprint, item }: ReaderOptions) {
    this.#page = new Page({ what, columns: columns.length, fingerprint });
    this.#names = columns.map(({ name }) => name);
    this.#columns = columns.map((column) => columnReader(this.#page, column));
    this.#key = this.#keys = keyReader(this.#page);
    this.item = item(this.#columns);
  }

  get rows(): number {
    return this.#page.rows;
  }

  load(buffer: ArrayBuffer): void {
    try {
      this.#page.load(buffer);
      this.#hashes = this.#page.part(Head.hashes, this.rows * 4) / 4;
      this.#columns.forEach((column, i) => column.load(recordAt(i)));
      this.#key = this.#findKey();
    } catch (error) {
      this.unload();
      throw error;
    }
  }

  unload(): void {
    this.#page.unload();
    this.#keys.forget();
    for (const column of this.#columns) if (column instanceof TextReader) column.forget();
  }

  hash(row: number): number {
    return this.#page.i32[this.#hashes + row] >>> 0;
  }

  key(row: number): string {
    const key = this.#key.at(row);
    this.#key.know(row, key);
    return key;
  }

  keyIs(row: number, candidate: string): boolean {
    return this.#key.is(row, candidate);
  }

  shortKey(row: number, words: Int32Array): boolean {
    return this.#key.short(row, words);
  }

  column(name: string): ArrayLike<unknown> {
    const column = this.#columns[this.#names.indexOf(name)];
    if (column === undefined) {
      throw new RangeError(`there is no column "${name}", only ${this.#names.join(", ")}`);
    }
    return column.all();
  }

  knowKey(row: number, key: string): void {
    this.#key.know(row, key);
  }

  #findKey(): TextReader {
    const index = this.#page.i32[Head.keyColumn];
    if (index === -1) {
      this.#keys.load(recordAt(this.#columns.length));
      return this.#keys;
    }
    const column = this.#columns[index];
    if (!(column instanceof TextReader)) throw this.#page.damaged("its key is in no column of strings");
    return column;
  }
}
