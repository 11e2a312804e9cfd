/**
 * Values of JSON columns to text, refusing whatever JSON would drop or change without a word.
 *
 * @module
 */

import { JSON_DEPTH } from "../core/limits.ts";
import { found } from "./found.ts";
import { misfitOf } from "./issues.ts";
import { attempt } from "./parse.ts";
import { type Misfit, refusal } from "./refusal.ts";
import { member, type ZodNode } from "./zod_node.ts";

/** Where a JSON value belongs, and what checks it. */
export interface JsonPlace {
  readonly what: string;
  /** The column; empty when the item itself is the value. */
  readonly field: string;
  /** Checks the value, and strips what it doesn't know; undefined when that has been done. */
  readonly schema: ZodNode | undefined;
}

/**
 * The text of one value.
 *
 * @throws {ItemError} naming the innermost place that is wrong
 */
export function toJson(value: unknown, place: JsonPlace): string {
  const checked = place.schema === undefined ? value : validated(value, place.schema, place);
  switch (survey(checked, 0)) {
    case PLAIN:
      return JSON.stringify(checked);
    case NEGATIVE_ZERO:
      return exactJson(checked);
    default:
      throw refusal(place.what, faultOf(checked, place.field, 0)!);
  }
}

function validated(value: unknown, schema: ZodNode, { what, field }: JsonPlace): unknown {
  const result = attempt(schema, value, field === "" ? what : `${what}: field "${field}"`);
  if (result.success) return result.data;
  throw refusal(what, misfitOf(result.error.issues[0], value, field));
}

/** JSON as it is; JSON but for the sign of a zero; something that JSON can't carry. */
const PLAIN = 0, NEGATIVE_ZERO = 1, FAULTY = 2;

/** Looks a value over. Must cost little, so that it only says whether there is a fault: {@link faultOf} says where. */
function survey(value: unknown, depth: number): number {
  switch (typeof value) {
    case "string":
    case "boolean":
      return PLAIN;
    case "number":
      return !Number.isFinite(value) ? FAULTY : Object.is(value, -0) ? NEGATIVE_ZERO : PLAIN;
    case "object":
      if (value === null) return PLAIN;
      if (depth === JSON_DEPTH) return FAULTY;
      return Array.isArray(value) ? surveyArray(value, depth) : surveyObject(value, depth);
    default:
      return FAULTY;
  }
}

function surveyArray(value: readonly unknown[], depth: number): number {
  let result = PLAIN;
  for (let i = 0; i < value.length; i++) {
    const inner = survey(value[i], depth + 1);
    if (inner === FAULTY) return FAULTY;
    result |= inner;
  }
  return result;
}

function surveyObject(value: object, depth: number): number {
  if (!isPlain(value)) return FAULTY;
  let result = PLAIN;
  for (const name in value) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined) continue; // as good as missing
    const inner = survey(member, depth + 1);
    if (inner === FAULTY) return FAULTY;
    result |= inner;
  }
  return result;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** `JSON.stringify`, but `-0` keeps its sign. */
function exactJson(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(exactJson).join()}]`;
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${exactJson(inner)}`).join()}}`;
}

/** The innermost first place that JSON can't carry. */
function faultOf(value: unknown, path: string, depth: number): Misfit | undefined {
  if (survey(value, depth) !== FAULTY) return;
  const misfit = (expected: string, what: string = found(value)): Misfit => ({
    field: path.replace(/^\./, ""),
    expected,
    found: what,
  });
  if (typeof value === "number") return misfit("finite number");
  if (typeof value !== "object" || value === null) return misfit("plain JSON");
  if (depth === JSON_DEPTH) {
    return misfit(`at most ${JSON_DEPTH} levels of JSON`, "more of them, or a circle");
  }
  if (!Array.isArray(value) && !isPlain(value)) return misfit("plain JSON");
  for (const [step, inner] of inside(value)) {
    const fault = faultOf(inner, path + step, depth + 1);
    if (fault !== undefined) return fault;
  }
}

function* inside(value: object): Generator<[step: string, inner: unknown]> {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) yield [`[${i}]`, value[i]];
  } else {
    for (const [name, inner] of Object.entries(value)) if (inner !== undefined) yield [member(name), inner];
  }
}
