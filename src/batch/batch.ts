/**
 * What a batch is, to those who fill and read it. A batch is one ArrayBuffer with a column per field, in Apache
 * Arrow's memory layout, plus the key and the hash of the key of each row.
 *
 * @module
 */

/** How a field lies in a batch. */
export type ColumnKind = "float64" | "int32" | "bool" | "utf8" | "json";

/** One field of a schema as a column. */
export interface Column {
  /** Field name; `""` when a schema is no plain object and the whole item is one JSON column. */
  readonly name: string;
  /** How the values lie in memory; several logical types share a kind, such as numbers and dates `float64`. */
  readonly kind: ColumnKind;
  /** What the numbers or texts stand for. */
  readonly logical: "number" | "int" | "boolean" | "string" | "enum" | "date" | "json";
  /** `null` is allowed. */
  readonly nullable: boolean;
  /** The field may be missing. */
  readonly optional: boolean;
}

/** Fills batches, one row at a time, reusing its columns from batch to batch. */
export interface BatchWriter {
  /** Rows since the last seal. */
  readonly rows: number;
  /** Bytes these rows take up, about. */
  readonly bytes: number;
  /**
   * Adds one item. Checks types as it writes.
   *
   * @throws {ItemError} naming the field, when it does not fit; the writer is then as before
   */
  append(item: unknown, key: string, hash: number): void;
  /** Forgets every row from `rows` on. */
  truncate(rows: number): void;
  /** Packs the rows into one buffer (into `spare` if it is large enough) and starts anew. */
  seal(spare?: ArrayBuffer): ArrayBuffer;
}

/** Reads one batch after another. Everything it returns is a copy: nothing holds on to the buffer. */
export interface BatchReader {
  /** Rows of the loaded batch. */
  readonly rows: number;
  /** Turns to another batch. Throws {@link ItemError} when the buffer is none of this codec's. */
  load(buffer: ArrayBuffer): void;
  /** Lets go of the buffer. */
  unload(): void;
  /** Hash of the row's key, an unsigned 32-bit integer that is the same on every machine and in every run. */
  hash(row: number): number;
  /** The row's key as a string of its own; {@link keyIs} compares without making one. */
  key(row: number): string;
  /** Whether the row's key is `candidate`, without making a string. */
  keyIs(row: number, candidate: string): boolean;
  /**
   * Writes the row's key as four words: its length in bytes, and its bytes, twelve at most, as UTF-8 and
   * little-endian, with zeros behind them. False if it has more bytes, or can't be had so cheaply.
   */
  shortKey(row: number, words: Int32Array): boolean;
  /** Tells the row's key, which must be it: {@link item} then takes that very string rather than making one. */
  knowKey(row: number, key: string): void;
  /** The row as a plain object with the schema's fields in their order. */
  item(row: number): unknown;
  /** A column's values: a typed array or an array; `null` and missing as the items would have them. */
  column(name: string): ArrayLike<unknown>;
}

/** A schema, compiled. Made once for each schema and department. */
export interface ItemCodec {
  /** For messages: `material`, `product average`. */
  readonly what: string;
  /** In the order of the schema's fields; just one, named `""`, when the schema is no plain object. */
  readonly columns: readonly Column[];
  /** True when the schema says more than shapes, so that items must go through {@link parse} before `append`. */
  readonly refined: boolean;
  /**
   * The item as the whole schema sees it: refinements, transforms, defaults, coercion.
   *
   * @throws {ItemError} `fields.issues` is `[{ field, message }]`
   */
  parse(item: unknown): unknown;
  /** A copy of the item with the schema's fields alone, checked as `append` would. */
  pick(item: unknown): unknown;
  /** An empty writer that shares nothing with others, so that several streams of batches are filled side by side. */
  writer(): BatchWriter;
  /** A reader of what writers of the same schema have sealed, in this thread or another. */
  reader(): BatchReader;
}

/** The codec of a product type. */
export type ProductCodec = ItemCodec;
