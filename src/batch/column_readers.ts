/**
 * The kinds of column of a loaded batch.
 *
 * @module
 */

import type { Column } from "./batch.ts";
import { ColumnReader } from "./column_reader.ts";
import { Part } from "./layout.ts";
import type { Page } from "./page.ts";
import { bit } from "./state_reader.ts";
import { TextReader } from "./text_reader.ts";

/** The reader of a column. */
export function columnReader(page: Page, column: Column): ColumnReader {
  if (column.logical === "date") return new DateReader(page, column);
  return new READERS[column.kind](page, column);
}

class Float64Reader extends ColumnReader {
  override at(row: number): number {
    return this.page.f64[this.values + row];
  }

  override all(): ArrayLike<unknown> {
    const { page: { f64, rows }, values } = this;
    return this.states.full ? f64.slice(values, values + rows) : super.all();
  }

  protected override loadValues(record: number): void {
    this.values = this.page.part(record + Part.values, this.page.rows * 8) / 8;
  }
}

class DateReader extends ColumnReader {
  override at(row: number): Date {
    return new Date(this.page.f64[this.values + row]);
  }

  protected override loadValues(record: number): void {
    this.values = this.page.part(record + Part.values, this.page.rows * 8) / 8;
  }
}

class Int32Reader extends ColumnReader {
  override at(row: number): number {
    return this.page.i32[this.values + row];
  }

  override all(): ArrayLike<unknown> {
    const { page: { i32, rows }, values } = this;
    return this.states.full ? i32.slice(values, values + rows) : super.all();
  }

  protected override loadValues(record: number): void {
    this.values = this.page.part(record + Part.values, this.page.rows * 4) / 4;
  }
}

class BoolReader extends ColumnReader {
  override at(row: number): boolean {
    return bit(this.page.u8, this.values, row);
  }

  protected override loadValues(record: number): void {
    this.values = this.page.part(record + Part.values, (this.page.rows + 7) >> 3);
  }
}

/** Values written as JSON. */
class JsonReader extends ColumnReader {
  readonly #texts: TextReader;

  constructor(page: Page, column: Column) {
    super(page, column);
    this.#texts = new TextReader(page, { kind: "json", nullable: false, optional: false });
  }

  override at(row: number): unknown {
    const text = this.#texts.at(row);
    try {
      return JSON.parse(text);
    } catch (error) {
      throw this.page.damaged("a value is no JSON", error);
    }
  }

  protected override loadValues(record: number): void {
    this.#texts.load(record);
  }
}

/** The reader of the key's own column. */
export function keyReader(page: Page): TextReader {
  return new TextReader(page, { kind: "utf8", nullable: false, optional: false });
}

const READERS = {
  float64: Float64Reader,
  int32: Int32Reader,
  bool: BoolReader,
  utf8: TextReader,
  json: JsonReader,
};
