/**
 * Names and keys in SQL.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** A name as an identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll(`"`, `""`)}"`;
}

/**
 * A key as the database keeps it: as text, or as UTF-16 in a blob when it is one that text can't carry, so that no
 * two keys become one.
 */
export function sqlKey(key: string): string | Uint8Array {
  return key.isWellFormed() ? key : Buffer.from(key, "utf16le");
}

/** Selects a key such that {@link keyOf} can read it: Deno cuts text at its first NUL. */
export const SELECT_KEY: string = "typeof(key) AS keyType, CAST(key AS BLOB) AS keyBytes";

/** The key of a row that has {@link SELECT_KEY}. */
export function keyOf(row: Readonly<Record<string, unknown>>): string {
  const bytes = row.keyBytes as Uint8Array;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString(row.keyType === "blob" ? "utf16le" : "utf8");
}
