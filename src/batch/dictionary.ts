import { DICTIONARY_STRINGS } from "../core/limits.ts";

/** Fewer rows are not worth a dictionary. */
const MIN_ROWS = 16;

/** A string must come so many times on the average, or plain columns are as small and as fast. */
const MIN_REPEATS = 4;

/** Batches that stay plain after a dictionary did not pay, before the next try. */
const PAUSE_BATCHES = 15;

/** Strings longer than so many UTF-16 units on the average cost more to look up than to encode. */
const MAX_MEAN_UNITS = 64;

/** A column's strings, each once, and which of them each row holds. */
export interface Coded {
  readonly entries: readonly string[];
  /** An index into `entries` for each row. Valid until the next batch. */
  readonly codes: Uint8Array;
}

/** Tries to write a column with a dictionary: half the time and a tenth of the bytes where strings repeat. */
export class Dictionary {
  readonly #seen: Map<string, number> = new Map();
  #codes = new Uint8Array(0);
  #pause = 0;

  /** The first `rows` strings by a dictionary; undefined when it does not pay. */
  encode(values: readonly string[], rows: number): Coded | undefined {
    if (rows < MIN_ROWS) return;
    if (this.#pause > 0) {
      this.#pause--;
      return;
    }
    const entries = this.#code(values, rows);
    this.#seen.clear();
    if (entries === undefined) this.#pause = PAUSE_BATCHES;
    return entries && { entries, codes: this.#codes.subarray(0, rows) };
  }

  #code(values: readonly string[], rows: number): string[] | undefined {
    const most = Math.min(DICTIONARY_STRINGS, Math.floor(rows / MIN_REPEATS));
    const entries: string[] = [];
    let unitsLeft = rows * MAX_MEAN_UNITS;
    if (this.#codes.length < rows) this.#codes = new Uint8Array(values.length);
    for (let row = 0; row < rows; row++) {
      const value = values[row];
      let code = this.#seen.get(value);
      if (code === undefined) {
        if (entries.length === most) return;
        code = entries.push(value) - 1;
        this.#seen.set(value, code);
      }
      unitsLeft -= value.length;
      if (unitsLeft < 0) return;
      this.#codes[row] = code;
    }
    return entries;
  }
}
