/**
 * Cuts a stream of bytes at its newlines.
 *
 * @module
 */

import { ITEM_BYTES } from "../core/limits.ts";

const NEWLINE = 10;

/** Bytes that end where a line ends. */
export type Stretch =
  /** Whole lines; `bytes` has every newline but the last. */
  | { readonly kind: "lines"; readonly bytes: Uint8Array; readonly newline: boolean }
  /** One line that was too long to be kept. */
  | { readonly kind: "overlong"; readonly length: number; readonly newline: boolean };

/** Keeps the beginning of an unfinished line from piece to piece, up to the size of the largest item. */
export class LineSplitter {
  readonly #lineBytes: number;
  #held: Uint8Array[] = [];
  #length = 0;

  /** @param lineBytes longest line that is kept */
  constructor(lineBytes: number = ITEM_BYTES) {
    this.#lineBytes = lineBytes;
  }

  /** The lines that end in this piece, in order. They may share its memory. */
  push(piece: Uint8Array): Stretch[] {
    const last = piece.lastIndexOf(NEWLINE);
    const stretches = last < 0
      ? []
      : this.#length + last <= this.#lineBytes
      ? [this.#finish(piece.subarray(0, last), true)]
      : this.#oneByOne(piece.subarray(0, last + 1));
    this.#hold(piece.subarray(last + 1));
    return stretches;
  }

  /** The last line, if it had no newline. */
  end(): Stretch | undefined {
    return this.#length === 0 ? undefined : this.#finish(new Uint8Array(0), false);
  }

  /** Where one of the lines may be too long. */
  #oneByOne(bytes: Uint8Array): Stretch[] {
    const stretches: Stretch[] = [];
    for (let start = 0, end; start < bytes.length; start = end + 1) {
      end = bytes.indexOf(NEWLINE, start);
      stretches.push(this.#finish(bytes.subarray(start, end), true));
    }
    return stretches;
  }

  /** Puts what was held before `bytes`. */
  #finish(bytes: Uint8Array, newline: boolean): Stretch {
    const length = this.#length + bytes.length;
    const parts = [...this.#held, bytes];
    this.#held = [];
    this.#length = 0;
    if (length > this.#lineBytes) return { kind: "overlong", length, newline };
    return { kind: "lines", bytes: parts.length === 1 ? bytes : joined(parts, length), newline };
  }

  /** Keeps a copy of the beginning of a line; of one that has grown too long only its length. */
  #hold(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#length > this.#lineBytes) this.#held = [];
    else if (bytes.length > 0) this.#held.push(bytes.slice());
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
