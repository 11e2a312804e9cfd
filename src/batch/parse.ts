/**
 * Items through their whole schema.
 *
 * @module
 */

import { BlueprintError, ItemError, messageOf } from "../core/mod.ts";
import { ISSUES_SHOWN } from "../core/limits.ts";
import { complaintsOf } from "./issues.ts";
import { at } from "./refusal.ts";
import type { ZodNode } from "./zod_node.ts";

/**
 * Puts a value through a schema: refinements, transforms, defaults and all.
 *
 * @throws {ItemError} naming the fields that do not fit (the first few of many), or with the error that a function
 * of the schema threw as its `cause`
 * @throws {BlueprintError} when the schema is asynchronous
 */
export function parseItem(schema: ZodNode, item: unknown, what: string): unknown {
  const result = attempt(schema, item, what);
  if (result.success) return result.data;
  const all = result.error.issues;
  const issues = all.slice(0, ISSUES_SHOWN).flatMap((issue) => complaintsOf(issue, item)).slice(
    0,
    ISSUES_SHOWN,
  );
  const sentences = issues.map(({ field, message }) => at(field) + message);
  if (all.length > ISSUES_SHOWN) sentences.push(`and ${all.length - ISSUES_SHOWN} more`);
  throw new ItemError(`${what}: ${sentences.join("; ")}`, {
    fields: { field: issues[0].field, type: what, issues },
  });
}

/** Zod's verdict on a value. What the schema's own functions throw comes out as an {@link ItemError}. */
export function attempt(schema: ZodNode, value: unknown, what: string): ReturnType<ZodNode["safeParse"]> {
  try {
    return schema.safeParse(value);
  } catch (error) {
    const details = { cause: error, fields: { type: what } };
    if (error instanceof Error && error.constructor.name === "$ZodAsyncError") {
      throw new BlueprintError(
        `${what}: the schema is asynchronous; check and transform synchronously`,
        details,
      );
    }
    const reason = error instanceof RangeError ? "nested too deeply" : "the schema's own code threw";
    throw new ItemError(`${what}: ${reason}: ${messageOf(error)}`, details);
  }
}
