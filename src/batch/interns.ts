/**
 * Strings that have been decoded before. The same few thousand keys and names come batch after batch: looking one up
 * by its bytes takes a third of the time of making it, and users who keep it in a state all keep the same one.
 *
 * @module
 */

import { INTERNED_BYTES, INTERNED_STRINGS } from "../core/limits.ts";

const WORDS = INTERNED_BYTES / 4;
const SHIFT = 32 - Math.log2(INTERNED_STRINGS);

/** Where a string's bytes are, and what they are. */
export interface Bytes {
  readonly start: number;
  readonly length: number;
  /** Part of what is sought: the same bytes are another string in another format. */
  readonly format: number;
}

/** A cache with one place for each hash: a newcomer takes the place of whoever has it. One for each Web Worker. */
export class Interns {
  readonly #texts: string[] = new Array(INTERNED_STRINGS).fill("");
  /** Length and format of each string's bytes in one number; 0 in an empty place. */
  readonly #kinds = new Int32Array(INTERNED_STRINGS);
  /** The bytes themselves, so that comparing takes words, not characters. */
  readonly #words = new Int32Array(INTERNED_STRINGS * WORDS);
  /** The place of the last string that was sought. */
  #place = 0;

  /** The string of these bytes (1 to {@link INTERNED_BYTES}), if it is there. */
  find(view: DataView, { start, length, format }: Bytes): string | undefined {
    const place = this.#place = placeOf(view, start, length);
    if (this.#kinds[place] !== (length << 2 | format)) return;
    const words = this.#words;
    const last = start + length - 4;
    let word = place * WORDS;
    for (let at = start; at < last; at += 4) if (words[word++] !== view.getInt32(at, true)) return;
    if (words[word] === lastWord(view, start, length)) return this.#texts[place];
  }

  /** Keeps the string of these bytes, which {@link find} has just not found. */
  keep(text: string, view: DataView, { start, length, format }: Bytes): void {
    const place = this.#place;
    const last = start + length - 4;
    let word = place * WORDS;
    for (let at = start; at < last; at += 4) this.#words[word++] = view.getInt32(at, true);
    this.#words[word] = lastWord(view, start, length);
    this.#kinds[place] = length << 2 | format;
    this.#texts[place] = text;
  }
}

function placeOf(view: DataView, start: number, length: number): number {
  const last = start + length - 4;
  let hash = length;
  for (let at = start; at < last; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ lastWord(view, start, length), 0x9e3779b1);
  return Math.imul(hash ^ hash >>> 15, 0x85ebca6b) >>> SHIFT;
}

/** The last four bytes, some of which the word before may have had already; or all of them if there are fewer. */
function lastWord(view: DataView, start: number, length: number): number {
  if (length >= 4) return view.getInt32(start + length - 4, true);
  let word = 0;
  for (let i = 0; i < length; i++) word = word << 8 | view.getUint8(start + i);
  return word;
}
