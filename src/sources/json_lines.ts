/**
 * Lines of JSON to items, a chunk at a time.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { ITEM_BYTES, SOURCE_ITEMS } from "../core/limits.ts";
import { faultOf } from "./json_fault.ts";
import type { Stretch } from "./line_splitter.ts";
import type { Rejection } from "./source.ts";

/** What some lines came to. */
export interface LineItems {
  readonly items: readonly unknown[];
  readonly rejections: readonly Rejection[];
  /** Bytes and lines of the input up to here. */
  readonly bytes: number;
  readonly line: number;
  /** Where an item stood, for a person. */
  place(index: number): string;
}

/** A line that isn't even text. */
interface Unreadable {
  readonly reason: string;
  readonly bytes: number;
}

const NEWLINE = 10;
const BOM = [0xef, 0xbb, 0xbf];
const BLANK = /^[ \t\r]*$/;
/** Keeps byte order marks: only the one at the very beginning is none of the text. */
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Parses line by line: lines joined into one array would parse a fifth faster on V8, slower on JavaScriptCore, and
 * let two broken lines pass as one good item.
 */
export class JsonLines {
  readonly #placeOf: (line: number) => string;
  #lines: (string | Unreadable)[] = [];
  #next = 0;
  /** Whether every character of the lines is one byte. */
  #ascii = true;
  #bytes: number;
  #line: number;
  /** Byte behind the last of the lines. */
  #end = 0;

  /** @param placeOf names a line for a person; lines count from 1 */
  constructor(start: { bytes: number; line: number }, placeOf: (line: number) => string) {
    this.#bytes = start.bytes;
    this.#line = start.line;
    this.#placeOf = placeOf;
  }

  /** Takes on what comes next in the input, once everything before has been taken. */
  add(stretch: Stretch): void {
    const length = stretch.kind === "lines" ? stretch.bytes.length : stretch.length;
    this.#end = this.#bytes + length + (stretch.newline ? 1 : 0);
    this.#next = 0;
    if (stretch.kind === "overlong") {
      const reason = `${length} bytes, more than the ${ITEM_BYTES} that an item may have`;
      this.#lines = [{ reason, bytes: length + 1 }];
      return;
    }
    let { bytes } = stretch;
    if (this.#bytes === 0 && BOM.every((byte, at) => bytes[at] === byte)) {
      bytes = bytes.subarray(BOM.length);
      this.#bytes = BOM.length;
    }
    this.#lines = this.#decode(bytes);
  }

  /** The items of the next lines, 1,024 at most; undefined when all have been taken. */
  take(): LineItems | undefined {
    const from = this.#next;
    const { length } = this.#lines;
    if (from === length) return undefined;
    const to = Math.min(from + SOURCE_ITEMS, length);
    const first = this.#line + 1;
    this.#next = to;
    this.#line += to - from;
    if (to === length) this.#bytes = this.#end;
    else for (let at = from; at < to; at++) this.#bytes += this.#size(this.#lines[at]);
    return this.#parse({ from, to, first });
  }

  #parse({ from, to, first }: { from: number; to: number; first: number }): LineItems {
    const items: unknown[] = [];
    const rejections: Rejection[] = [];
    /** The line of each item, as soon as one line has brought none. */
    let lineOf: number[] | undefined;
    for (let at = from; at < to; at++) {
      const line = this.#lines[at];
      const number = first + at - from;
      try {
        if (typeof line === "string") {
          items.push(JSON.parse(line));
          lineOf?.push(number);
          continue;
        }
      } catch { /* said below */ }
      lineOf ??= items.map((_, index) => first + index);
      const reason = reasonOf(line);
      if (reason) rejections.push({ place: this.#placeOf(number), reason });
    }
    const place = (index: number) => this.#placeOf(lineOf ? lineOf[index] : first + index);
    return { items, rejections, bytes: this.#bytes, line: this.#line, place };
  }

  #decode(bytes: Uint8Array): (string | Unreadable)[] {
    try {
      const text = DECODER.decode(bytes);
      this.#ascii = text.length === bytes.length;
      return text.split("\n");
    } catch {
      this.#ascii = false;
      return [...linesOf(bytes)].map(decodeLine);
    }
  }

  /** Bytes of a line with its newline. */
  #size(line: string | Unreadable): number {
    if (typeof line !== "string") return line.bytes;
    return (this.#ascii ? line.length : Buffer.byteLength(line)) + 1;
  }
}

function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0, end; start <= bytes.length; start = end + 1) {
    end = bytes.indexOf(NEWLINE, start);
    if (end < 0) end = bytes.length;
    yield bytes.subarray(start, end);
  }
}

function decodeLine(bytes: Uint8Array): string | Unreadable {
  try {
    return DECODER.decode(bytes);
  } catch {
    return { reason: "not UTF-8", bytes: bytes.length + 1 };
  }
}

/** Why a line brought no item; undefined when it is blank, which is no fault. */
function reasonOf(line: string | Unreadable): string | undefined {
  if (typeof line !== "string") return line.reason;
  if (BLANK.test(line)) return undefined;
  return `not JSON: ${faultOf(line) ?? "it is too deeply nested"}`;
}
