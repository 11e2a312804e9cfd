/**
 * Strings to bytes and back, losing nothing: UTF-8, in which lone surrogates (which `TextEncoder` would replace) are
 * encoded like any other character of three bytes. That is called WTF-8.
 *
 * @module
 */

import { Format } from "./layout.ts";
import { keepScratch, reserveScratch } from "./scratch.ts";

const encoder = new TextEncoder();

/** From so many UTF-16 units on the runtime's encoder is faster than a loop of JavaScript. */
const LONG_UNITS = 48;

/** Up to so many UTF-16 units a string, on the average, joining them all and encoding once is faster than one by one. */
const JOIN_UNITS = 256;

/** Some strings, encoded. */
export interface EncodedTexts {
  /** Scratch memory, to be copied before the next batch. */
  readonly bytes: Uint8Array;
  readonly format: number;
}

/** Encodes the first `rows` strings one behind the other and writes `rows + 1` offsets. */
export function encodeTexts(texts: readonly string[], rows: number, offsets: Int32Array): EncodedTexts {
  let units = 0;
  for (let row = 0; row < rows; row++) {
    offsets[row] = units;
    units += texts[row].length;
  }
  offsets[rows] = units;
  const bytes = reserveScratch(units * 3);
  if (units <= rows * JOIN_UNITS) {
    const { written } = encoder.encodeInto(texts.slice(0, rows).join(""), bytes);
    if (written === units) return { bytes: keepScratch(units), format: Format.ascii };
  }
  return encodeEach(texts, offsets, { rows, bytes });
}

function encodeEach(
  texts: readonly string[],
  offsets: Int32Array,
  { rows, bytes }: { rows: number; bytes: Uint8Array },
): EncodedTexts {
  let end = 0;
  let ascii = true;
  let whole = true;
  for (let row = 0; row < rows; row++) {
    const text = texts[row];
    offsets[row] = end;
    const well = text.isWellFormed();
    const next = well && text.length >= LONG_UNITS
      ? end + encoder.encodeInto(text, bytes.subarray(end)).written
      : writeWtf8(text, bytes, end);
    if (next - end !== text.length) ascii = false;
    if (!well) whole = false;
    end = next;
  }
  offsets[rows] = end;
  return { bytes: keepScratch(end), format: ascii ? Format.ascii : whole ? Format.utf8 : Format.wtf8 };
}

/** Writes a string at `at` and returns the end. */
function writeWtf8(text: string, bytes: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes[at++] = unit;
    } else if (unit < 0x800) {
      bytes[at++] = 0xc0 | unit >> 6;
      bytes[at++] = 0x80 | unit & 0x3f;
    } else {
      const point = text.codePointAt(i)!;
      if (point > 0xffff) {
        i++;
        bytes[at++] = 0xf0 | point >> 18;
        bytes[at++] = 0x80 | point >> 12 & 0x3f;
      } else {
        bytes[at++] = 0xe0 | point >> 12;
      }
      bytes[at++] = 0x80 | point >> 6 & 0x3f;
      bytes[at++] = 0x80 | point & 0x3f;
    }
  }
  return at;
}

/** Bytes that a string takes. */
export function wtf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) bytes += unit < 0x800 ? 1 : 2;
    if (text.codePointAt(i)! > 0xffff) {
      i++; // a pair: two units, four bytes
    }
  }
  return bytes;
}

/** UTF-16 units that are made into a string at once: `apply` has its limits. */
const CHUNK_UNITS = 4_096;

/** Reads a string that may hold lone surrogates. */
export function readWtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let units: number[] = [];
  for (let i = start; i < end;) {
    const point = pointAt(bytes, i);
    i += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (point > 0xffff) units.push(0xd7c0 + (point >> 10), 0xdc00 | point & 0x3ff);
    else units.push(point);
    if (units.length >= CHUNK_UNITS) {
      text += String.fromCharCode.apply(null, units);
      units = [];
    }
  }
  return text + String.fromCharCode.apply(null, units);
}

function pointAt(bytes: Uint8Array, i: number): number {
  const lead = bytes[i];
  const tail = (n: number) => bytes[i + n] & 0x3f;
  if (lead < 0x80) return lead;
  if (lead < 0xe0) return (lead & 0x1f) << 6 | tail(1);
  if (lead < 0xf0) return (lead & 0xf) << 12 | tail(1) << 6 | tail(2);
  return (lead & 7) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3);
}
