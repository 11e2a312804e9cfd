/**
 * Offsets in newline-delimited JSON.
 *
 * @module
 */

import { SourceError } from "../core/mod.ts";

/** Right behind a line of a file. */
export interface NdjsonOffset {
  /** The file, as an absolute path. */
  readonly path: string;
  /** Bytes up to here: the next line starts at this byte. */
  readonly bytes: number;
  /** Lines up to here; undefined when only bytes are known. */
  readonly line?: number;
}

/**
 * The offset for a file, or undefined when there is none for it.
 *
 * @throws {SourceError} when it isn't an offset of this kind of source
 */
export function offsetFor(path: string, offset: unknown): NdjsonOffset | undefined {
  if (offset === undefined || offset === null) return undefined;
  const found = (typeof offset === "number" ? { bytes: offset } : offset) as Partial<NdjsonOffset>;
  if (!isCount(found.bytes) || (found.line !== undefined && !isCount(found.line))) {
    throw new SourceError(
      `source: ${path} can't be opened: expected an offset in bytes, found ${JSON.stringify(offset)}`,
      { fields: { path, offset } },
    );
  }
  if (found.path !== undefined && found.path !== path) return undefined;
  return { path, bytes: found.bytes, line: found.bytes === 0 ? 0 : found.line };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
