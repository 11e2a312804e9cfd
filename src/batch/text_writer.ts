import type { Column } from "./batch.ts";
import { ColumnWriter, type Place } from "./column_writer.ts";
import { Dictionary } from "./dictionary.ts";
import { Part } from "./layout.ts";
import { bytesOf, type Packing } from "./packing.ts";
import { encodeTexts } from "./wtf8.ts";

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

  /** Takes over the first rows of another column. */
  take(other: TextWriter, rows: number): void {
    for (let row = 0; row < rows; row++) this.values[row] = other.values[row];
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
