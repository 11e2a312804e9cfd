/**
 * Plain data as text, and back, without loss: what structured clone takes, but for functions and handles.
 *
 * @module
 */

import { parse, stringify } from "devalue";

/** Stands before what is not JSON. */
const MARK = "~";

/** Text of plain data: JSON where JSON loses nothing, so that any SQLite tool can read it. @throws on functions */
export function toText(value: unknown): string {
  return isJson(value) ? JSON.stringify(value) : MARK + stringify(value);
}

/** The data of a text. */
export function fromText(text: string): unknown {
  return text.startsWith(MARK) ? parse(text.slice(MARK.length)) : JSON.parse(text);
}

/** Nested deeper than this, or going round in circles, is left to the general form. */
const DEPTH = 16;

function isJson(value: unknown, depth: number = 0): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "object":
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth === DEPTH) return false;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (!isJson(value[i], depth + 1)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype || "toJSON" in value) return false;
  for (const name in value) if (!isJson((value as Record<string, unknown>)[name], depth + 1)) return false;
  return true;
}
