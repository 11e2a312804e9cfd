/**
 * How a batch lies in its buffer: a head of 32-bit words, then the columns' buffers as Apache Arrow has them, each
 * at a multiple of 64 bytes, everything little-endian. The head is one fixed block, a record for each column, and
 * one for the key. Offsets count bytes from the buffer's start; 0 means that there is no such part.
 *
 * @module
 */

/** Where the parts of a batch begin: at multiples of this, as Arrow recommends. */
export const ALIGNMENT = 64;

/** First word of every batch: `SFB1`. */
export const MAGIC = 0x31424653;

/** Words of the fixed block. */
export const Head = {
  magic: 0,
  /** Hash of the columns' description: reader and writer must have the same schema. */
  fingerprint: 1,
  rows: 2,
  /** Bytes used, head included; the rest of the buffer is waste. */
  used: 3,
  /** int32 of each row: the hash of its key. */
  hashes: 4,
  /** Index of the column that is the key as well; -1 when the key has a column of its own, described last. */
  keyColumn: 5,
} as const;

/** Words of the fixed block altogether. */
export const HEAD_WORDS = 16;

/** Words of a column's record. */
export const Part = {
  /** Bits of the values, one a row, 1 where there is one; absent when every row has one. */
  validity: 0,
  /** Bits, 1 where the field is missing, not `null`; only if it may be both. */
  missing: 1,
  /** Numbers, bits, or (utf8) int32 offsets, one more than rows; of a dictionary the uint8 indices. */
  values: 2,
  /** Bytes of the strings. */
  text: 3,
  textBytes: 4,
  /** One of {@link Format}. */
  format: 5,
  /** Strings in the dictionary; 0 when there is none. */
  entries: 6,
  /** int32 offsets of the dictionary's strings, one more than entries. */
  entryOffsets: 7,
} as const;

/** Words of a column's record altogether. */
export const PART_WORDS = 8;

/** What a column's strings are made of; each is read faster than the next. */
export const Format = {
  ascii: 0,
  utf8: 1,
  /** UTF-8, but lone surrogates are encoded like other characters, so that any string comes back as it was. */
  wtf8: 2,
} as const;

/** The word at which a column's record begins. The key's follows the last column's. */
export function recordAt(column: number): number {
  return HEAD_WORDS + column * PART_WORDS;
}

/** Bytes of the head of a batch with so many columns. */
export function headBytes(columns: number): number {
  return align(recordAt(columns + 1) * 4);
}

/** The next multiple of {@link ALIGNMENT}. */
export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Smallest buffer. */
const SMALLEST_BYTES = 5 * 1024;

/**
 * The size of buffer for so many bytes: few sizes, so that spent buffers fit again, and one of them (80 KB) somewhat
 * above a full batch rather than just below it.
 */
export function bufferBytes(used: number): number {
  let bytes = SMALLEST_BYTES;
  while (bytes < used) bytes *= 2;
  return bytes;
}

/** Bytes of a batch in its buffer, from the start; what follows is waste, and need not be kept. */
export function usedBytes(buffer: ArrayBuffer): number {
  return new Int32Array(buffer, Head.used * 4, 1)[0];
}

/** How much larger than needed a spare buffer may be: one huge batch must not keep its memory going round. */
const SPARE_FACTOR = 16;

/** Whether a spent buffer should hold the next batch, of so many bytes. */
export function fits(spare: ArrayBuffer, used: number): boolean {
  return spare.byteLength >= used && spare.byteLength <= SPARE_FACTOR * bufferBytes(used);
}
