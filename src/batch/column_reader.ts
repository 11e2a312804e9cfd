import type { Column } from "./batch.ts";
import { State } from "./column_writer.ts";
import { Part } from "./layout.ts";
import type { Page } from "./page.ts";

/** A column of the loaded batch: what all kinds have in common. */
export abstract class ColumnReader {
  protected readonly page: Page;
  /** Offset of the values. */
  protected values: number = 0;
  readonly #nullable: boolean;
  readonly #optional: boolean;
  #validity = 0;
  #missing = 0;

  constructor(page: Page, { nullable, optional }: Pick<Column, "nullable" | "optional">) {
    this.page = page;
    this.#nullable = nullable;
    this.#optional = optional;
  }

  /** Turns to the batch that was just loaded; `record` is where the column's record begins in the head. */
  load(record: number): void {
    const { page } = this;
    const bytes = (page.rows + 7) >> 3;
    const bitmap = (word: number) => page.i32[word] === 0 ? 0 : page.part(word, bytes);
    this.#validity = bitmap(record + Part.validity);
    this.#missing = bitmap(record + Part.missing);
    this.loadValues(record);
  }

  /** Whether every row of this batch has a value. */
  get full(): boolean {
    return this.#validity === 0;
  }

  /** Whether a row has a value, `null` or nothing. */
  state(row: number): number {
    if (this.#validity === 0 || bit(this.page.u8, this.#validity, row)) return State.value;
    if (!this.#optional) return State.null;
    return !this.#nullable || this.#missing !== 0 && bit(this.page.u8, this.#missing, row)
      ? State.missing
      : State.null;
  }

  /** A row's value; meaningless unless it has one. */
  abstract at(row: number): unknown;

  /** All values, as the items have them. */
  all(): ArrayLike<unknown> {
    return Array.from({ length: this.page.rows }, (_, row) => {
      const state = this.state(row);
      return state === State.value ? this.at(row) : state === State.null ? null : undefined;
    });
  }

  protected abstract loadValues(record: number): void;
}

/** The bit of a row in a bitmap at `offset`. */
export function bit(bytes: Uint8Array, offset: number, row: number): boolean {
  return (bytes[offset + (row >> 3)] >> (row & 7) & 1) === 1;
}
