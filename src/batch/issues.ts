/**
 * Zod's findings as Shopfloor's: the path in one string, and what was expected and found.
 *
 * @module
 */

import { found } from "./found.ts";
import type { Misfit } from "./refusal.ts";
import { member, type ZodIssue } from "./zod_node.ts";

/** An issue that zod has with `value`, which lies at the path `at` of the item. */
export function misfitOf(issue: ZodIssue, value: unknown, at: string = ""): Misfit {
  const expected = expectedBy(issue);
  return {
    field: pathOf(issue.path, at),
    expected: expected ?? issue.message,
    found: found(valueAt(value, issue.path)),
    message: expected === undefined ? issue.message : undefined,
  };
}

/** An issue as the fields that it is about, each with a sentence: zod's own words where they say more than types. */
export function complaintsOf(issue: ZodIssue, value: unknown): { field: string; message: string }[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys!.map((key) => ({ field: pathOf([...issue.path, key]), message: "unknown field" }));
  }
  const { field, expected, found, message } = misfitOf(issue, value);
  return [{ field, message: message ?? `expected ${expected}, found ${found}` }];
}

/** A path in one string: `payload.readings[3]`. */
function pathOf(path: readonly PropertyKey[], at: string = ""): string {
  const steps = path.map((step) => typeof step === "number" ? `[${step}]` : member(String(step)));
  return (at + steps.join("")).replace(/^\./, "");
}

/** What an issue wanted, if that is all it says, in zod's standard words. */
function expectedBy(issue: ZodIssue): string | undefined {
  const { code, message } = issue;
  if (code === "invalid_type" && message.startsWith("Invalid input: expected")) return issue.expected;
  if (code === "invalid_value") return /^Invalid (?:input|option): expected (.+)$/.exec(message)?.[1];
  if (code === "invalid_union" && message === "Invalid input") return alternatives(issue.errors ?? []);
}

/** What the members of a union wanted, if each fails at the value itself. */
function alternatives(errors: readonly (readonly ZodIssue[])[]): string | undefined {
  const wanted = errors.map(([first]) => first?.path.length === 0 ? expectedBy(first) : undefined);
  if (wanted.length > 0 && !wanted.includes(undefined)) return [...new Set(wanted)].join(" or ");
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[step],
    value,
  );
}
