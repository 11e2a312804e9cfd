import { ITEM_BYTES } from "../core/limits.ts";
import { refusal } from "./refusal.ts";
import { wtf8Bytes } from "./wtf8.ts";

/** Up to so many UTF-16 units no item can exceed its limit: a unit takes three bytes at most. */
export const SAFE_UNITS: number = Math.floor(ITEM_BYTES / 3);

/**
 * Weighs the strings of a suspiciously large item.
 *
 * @throws {ItemError} when they are larger than an item may be
 */
export function weigh(texts: readonly (string | null | undefined)[], what: string): void {
  const bytes = texts.reduce<number>((sum, text) => sum + wtf8Bytes(text ?? ""), 0);
  if (bytes <= ITEM_BYTES) return;
  throw refusal(what, {
    field: "",
    expected: `at most ${ITEM_BYTES} bytes in one item`,
    found: `${bytes} bytes`,
  });
}
