import type { Column } from "./batch.ts";
import { State } from "./column_writer.ts";
import { Part } from "./layout.ts";
import type { Page } from "./page.ts";

/**
 * Which rows of a column have a value, `null` or nothing. A class of its own, not of each kind of column, so that the
 * runtime's compiler meets one shape wherever it is asked.
 */
export class StateReader {
  readonly #page: Page;
  readonly #nullable: boolean;
  #validity = 0;
  #missing = 0;

  constructor(page: Page, { nullable }: Pick<Column, "nullable">) {
    this.#page = page;
    this.#nullable = nullable;
  }

  /** Turns to the batch that was just loaded; `record` is where the column's record begins in the head. */
  load(record: number): void {
    const page = this.#page;
    const bytes = (page.rows + 7) >> 3;
    const bitmap = (word: number) => page.i32[word] === 0 ? 0 : page.part(word, bytes);
    this.#validity = bitmap(record + Part.validity);
    this.#missing = bitmap(record + Part.missing);
  }

  /** Whether every row of this batch has a value. */
  get full(): boolean {
    return this.#validity === 0;
  }

  /** One of {@link State}. */
  of(row: number): number {
    const { u8 } = this.#page;
    if (this.#validity === 0 || bit(u8, this.#validity, row)) return State.value;
    const missing = !this.#nullable || this.#missing !== 0 && bit(u8, this.#missing, row);
    return missing ? State.missing : State.null;
  }
}

/** The bit of a row in a bitmap at `offset`. */
export function bit(bytes: Uint8Array, offset: number, row: number): boolean {
  return (bytes[offset + (row >> 3)] >> (row & 7) & 1) === 1;
}
