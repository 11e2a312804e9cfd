import { ItemError } from "../core/mod.ts";

/** What does not fit. */
export interface Misfit {
  /** Path of the value: `payload.readings[3]`; empty for the item itself. */
  readonly field: string;
  /** What was wanted. */
  readonly expected: string;
  /** What was found, described. */
  readonly found: string;
  /** The whole story, where it isn't just `expected …, found …`. */
  readonly message?: string;
}

/** The error of an item that does not fit its schema: `material: field "at": expected number, found string "12"`. */
export function refusal(what: string, { field, expected, found, message }: Misfit): ItemError {
  return new ItemError(`${what}: ${at(field)}${message ?? `expected ${expected}, found ${found}`}`, {
    fields: { field, type: what, expected, found },
  });
}

/** The place of a field at the beginning of a sentence: nothing for the item itself. */
export function at(field: string): string {
  return field === "" ? "" : `field "${field}": `;
}
