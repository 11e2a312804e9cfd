import type { Settings } from "../core/mod.ts";

/**
 * Settings from one occurrence of `--settings`: `KEY=VALUE`, or a JSON object. A value is read as JSON where it
 * is JSON (`sensors=10` is a number, `on=true` a boolean) and is a text otherwise; `name="7"` forces a text.
 */
export function readSettings(text: string): Settings {
  if (text.trimStart().startsWith("{")) return readObject(text);
  const equals = text.indexOf("=");
  if (equals < 1) throw new RangeError("expected KEY=VALUE or a JSON object");
  return Object.fromEntries([[text.slice(0, equals), jsonOrText(text.slice(equals + 1))]]);
}

function readObject(text: string): Settings {
  try {
    return JSON.parse(text);
  } catch {
    throw new RangeError("expected a JSON object");
  }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
