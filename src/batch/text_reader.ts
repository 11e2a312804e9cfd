import { INTERNED_BYTES } from "../core/limits.ts";
import type { Column } from "./batch.ts";
import { ColumnReader } from "./column_reader.ts";
import { decodeText } from "./decode_text.ts";
import { Interns } from "./interns.ts";
import { Format, Part } from "./layout.ts";
import type { Page } from "./page.ts";

/** Made by the first reader of this Web Worker, for all. */
let interns: Interns | undefined;

const FORMATS: ReadonlySet<number> = new Set(Object.values(Format));

/** Fewer misses don't matter. */
const MISSES = 64;

/** Batches for which the interns are passed by after one in which hardly a string was found there. */
const PAUSE_BATCHES = 15;

/** Longest string that is compared as words. */
const SHORT_BYTES = 12;

/** For each of the three words the masks of strings of 0, 1 … 12 bytes. */
const MASKS = SHORT_BYTES + 1;
const SHORT_MASKS = Int32Array.from({ length: 3 * MASKS }, (_, i) => {
  const bytes = i % MASKS - 4 * Math.floor(i / MASKS);
  return bytes >= 4 ? -1 : bytes <= 0 ? 0 : (1 << 8 * bytes) - 1;
});

/** Strings of a column, or of the key. */
export class TextReader extends ColumnReader {
  readonly #interns: Interns;
  readonly #internable: boolean;
  /** Longest string, in bytes, that is sought among the interns. */
  #longest = 0;
  #format = 0;
  #text = 0;
  /** The dictionary's strings; empty when there is no dictionary. */
  #entries: readonly string[] = [];
  /** The row whose string is known already, and that string. */
  #knownRow = -1;
  #knownText = "";
  #misses = 0;
  #rows = 0;
  #pause = 0;

  constructor(page: Page, column: Pick<Column, "kind" | "nullable" | "optional">) {
    super(page, column);
    this.#interns = interns ??= new Interns();
    this.#internable = column.kind === "utf8";
  }

  override at(row: number): string {
    if (row === this.#knownRow) return this.#knownText;
    const { i32, u8 } = this.page;
    if (this.#entries.length > 0) return this.#entries[u8[this.values + row]];
    const at = this.values + row;
    return this.#read(this.#text + i32[at], this.#text + i32[at + 1]);
  }

  /** Whether a row's string is this one; then that very string is what {@link at} returns for the row. */
  is(row: number, candidate: string): boolean {
    if (!this.#matches(row, candidate)) return false;
    this.know(row, candidate);
    return true;
  }

  /** Writes a row's string as words, as `BatchReader.shortKey` says. */
  short(row: number, words: Int32Array): boolean {
    const { i32, view } = this.page;
    if (this.#entries.length > 0) return false;
    const at = this.values + row;
    const start = this.#text + i32[at];
    const length = i32[at + 1] - i32[at];
    if (length > SHORT_BYTES || start + SHORT_BYTES > view.byteLength) return false;
    words[0] = length;
    words[1] = view.getInt32(start, true) & SHORT_MASKS[length];
    words[2] = view.getInt32(start + 4, true) & SHORT_MASKS[length + MASKS];
    words[3] = view.getInt32(start + 8, true) & SHORT_MASKS[length + 2 * MASKS];
    return true;
  }

  /** Remembers a row's string, so that the key and the field which is the key are made once. */
  know(row: number, text: string): void {
    this.#knownRow = row;
    this.#knownText = text;
  }

  /** Forgets all strings of the batch. */
  forget(): void {
    this.know(-1, "");
    this.#entries = [];
  }

  protected override loadValues(record: number): void {
    const { page } = this;
    const { i32, rows } = page;
    this.forget();
    this.#adapt();
    this.#format = i32[record + Part.format];
    if (!FORMATS.has(this.#format)) throw page.damaged("its strings are encoded in an unknown way");
    this.#text = page.part(record + Part.text, i32[record + Part.textBytes]);
    const entries = i32[record + Part.entries];
    if (entries === 0) {
      this.values = this.#offsets(record, { word: Part.values, count: rows });
      return;
    }
    const offsets = this.#offsets(record, { word: Part.entryOffsets, count: entries });
    this.values = page.part(record + Part.values, rows);
    for (let at = this.values; at < this.values + rows; at++) {
      if (page.u8[at] >= entries) throw page.damaged("a row's string is not in the dictionary");
    }
    this.#entries = Array.from(
      { length: entries },
      (_, i) => this.#read(this.#text + i32[offsets + i], this.#text + i32[offsets + i + 1]),
    );
  }

  /** Index in `i32` of `count` offsets and one more, which are in order and end within the text. */
  #offsets(record: number, { word, count }: { word: number; count: number }): number {
    const { page } = this;
    const { i32 } = page;
    const first = page.part(record + word, (count + 1) * 4) / 4;
    let last = 0;
    for (let at = first; at <= first + count; at++) {
      if (i32[at] < last) throw page.damaged("its strings overlap");
      last = i32[at];
    }
    if (last > i32[record + Part.textBytes]) throw page.damaged("its strings are cut off");
    return first;
  }

  #read(start: number, end: number): string {
    const { page } = this;
    const length = end - start;
    if (length > this.#longest || length === 0) return decodeText(page, this.#format, { start, end });
    const bytes = { start, length, format: this.#format };
    const kept = this.#interns.find(page.view, bytes);
    if (kept !== undefined) return kept;
    this.#misses++;
    const text = decodeText(page, this.#format, { start, end });
    this.#interns.keep(text, page.view, bytes);
    return text;
  }

  /** Passes the interns by for a while if the last batch found little there: seeking in vain costs as much as finding. */
  #adapt(): void {
    if (this.#pause > 0) this.#pause--;
    else if (this.#misses > MISSES && this.#misses > this.#rows * 0.75) this.#pause = PAUSE_BATCHES;
    this.#longest = this.#internable && this.#pause === 0 ? INTERNED_BYTES : 0;
    this.#misses = 0;
    this.#rows = this.page.rows;
  }

  #matches(row: number, candidate: string): boolean {
    const { i32, u8 } = this.page;
    if (this.#format !== Format.ascii || this.#entries.length > 0) return this.at(row) === candidate;
    const at = this.values + row;
    const start = this.#text + i32[at];
    const { length } = candidate;
    if (i32[at + 1] - i32[at] !== length) return false;
    for (let i = 0; i < length; i++) if (candidate.charCodeAt(i) !== u8[start + i]) return false;
    return true;
  }
}
