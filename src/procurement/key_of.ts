/**
 * The key of an item, as the blueprint says.
 *
 * @module
 */

import type { ItemCodec } from "../batch/mod.ts";
import { ItemError, messageOf } from "../core/mod.ts";
import { KEY_UNITS } from "../core/limits.ts";
import type { Classes } from "./classes.ts";

/** What a key is taken with. */
export interface Keying {
  readonly codec: ItemCodec;
  readonly key: (material: unknown) => string;
  /** Where the blueprint has an affinity. */
  readonly classes?: Classes;
}

/** The item's key. @throws {ItemError} when it is none; or what is wrong with the item, if that is why */
export function keyOf(item: unknown, { codec, key: read }: Keying): string {
  let key: unknown;
  try {
    key = read(item);
  } catch (cause) {
    codec.pick(item); // what is wrong with the item says more than what the key function tripped over
    throw new ItemError(`material: key(material) threw: ${messageOf(cause)}`, {
      fields: { field: "key" },
      cause,
    });
  }
  if (isKey(key)) return key;
  codec.pick(item);
  const found = typeof key !== "string"
    ? key === null ? "null" : typeof key
    : key === ""
    ? "an empty string"
    : `one of ${key.length} characters`;
  throw new ItemError(
    `material: key(material): expected a string of 1 to ${KEY_UNITS} characters, found ${found}`,
    { fields: { field: "key", type: "material", expected: "string", found } },
  );
}

/** Whether a value can be a key. */
export function isKey(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= KEY_UNITS;
}
