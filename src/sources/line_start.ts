/**
 * Whether a file can be read on where a run before ended.
 *
 * @module
 */

import type { FileHandle } from "node:fs/promises";

const NEWLINE = 10;
const RETURN = 13;

/**
 * Throws unless a line starts at byte `from`. A byte in the middle of a line, or behind the end, says that this is
 * another file than the one that was read, or that it was rewritten since.
 */
export async function checkLineStart(
  file: FileHandle,
  { from, size }: { from: number; size: number },
): Promise<void> {
  if (from > size) {
    throw new Error(`it has ${size} bytes, fewer than the ${from} that were read before: it was rewritten`);
  }
  const around = new Uint8Array(2);
  const { bytesRead } = await file.read(around, 0, 2, from - 1);
  if (around[0] === NEWLINE || bytesRead === 1) return;
  // The last line had no newline when it was read, and has got one since.
  if (around[1] === NEWLINE || around[1] === RETURN) return;
  throw new Error(`no line starts at byte ${from}, up to which it was read before: it was rewritten`);
}
