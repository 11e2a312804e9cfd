/**
 * Bytes to strings that stand alone: none is a slice of a larger one, which would keep a whole batch in memory for as
 * long as a user keeps one field of it.
 *
 * @module
 */

import { runtimeName } from "../platform/mod.ts";
import { Format } from "./layout.ts";
import type { Page } from "./page.ts";
import { readWtf8 } from "./wtf8.ts";

/**
 * V8's call into the runtime costs about 55 ns whatever the length, `String.fromCharCode` 5 ns and 1.5 for each
 * character; in Bun the call is always the faster one (26 ns).
 */
const SHORT_BYTES = runtimeName() === "bun" ? 0 : 24;

type FromCodes = (bytes: Uint8Array, start: number) => string;

/** For each length a function that makes a string of so many codes without an array between. */
const FROM_CODES: readonly FromCodes[] = Array.from({ length: SHORT_BYTES + 1 }, (_, length) => {
  const codes = Array.from({ length }, (_, i) => `bytes[start + ${i}]`);
  return new Function("bytes", "start", `return String.fromCharCode(${codes});`) as FromCodes;
});

/** What `toString("latin1", …)` calls once it has looked at its arguments; every Buffer has it, no type tells. */
interface Chars {
  latin1Slice(start: number, end: number): string;
}

/** The string that the bytes from `start` up to `end` stand for. */
export function decodeText(
  { u8, chars }: Page,
  format: number,
  { start, end }: { start: number; end: number },
): string {
  if (start === end) return "";
  if (format === Format.ascii) {
    return end - start <= SHORT_BYTES
      ? FROM_CODES[end - start](u8, start)
      : (chars as unknown as Chars).latin1Slice(start, end);
  }
  return format === Format.utf8 ? chars.toString("utf8", start, end) : readWtf8(u8, start, end);
}
