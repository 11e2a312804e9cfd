/**
 * Memory in which a batch's strings are encoded before their place is known. There is one for each Web Worker:
 * a batch is sealed in one go, so two never need it at once.
 *
 * @module
 */

import { SCRATCH_BYTES } from "../core/limits.ts";

let scratch = new Uint8Array(0);
let end = 0;

/** So many bytes at least, free until {@link releaseScratch}. */
export function reserveScratch(bytes: number): Uint8Array {
  if (end + bytes > scratch.length) {
    scratch = new Uint8Array(Math.max(SCRATCH_BYTES, bytes));
    end = 0;
  }
  return scratch.subarray(end);
}

/** Keeps the first bytes of what was reserved. */
export function keepScratch(bytes: number): Uint8Array {
  const kept = scratch.subarray(end, end + bytes);
  end += bytes;
  return kept;
}

/** Gives everything back; memory that a huge item took goes back to the system. */
export function releaseScratch(): void {
  end = 0;
  if (scratch.length > SCRATCH_BYTES) scratch = new Uint8Array(0);
}
