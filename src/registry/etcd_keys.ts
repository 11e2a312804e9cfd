/**
 * Keys as etcd has them: bytes, base64 in its JSON.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** Text → base64. */
export function toBase64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** Base64 → text. */
export function fromBase64(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

/** Every key that begins with `prefix`, which ends in `/`, as etcd asks for a range: `0` comes after `/`. */
export function rangeOf(prefix: string): { key: string; range_end: string } {
  return { key: toBase64(prefix), range_end: toBase64(`${prefix.slice(0, -1)}0`) };
}
