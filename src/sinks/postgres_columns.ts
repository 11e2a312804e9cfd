/**
 * A product's fields as columns of a PostgreSQL table.
 *
 * @module
 */

import type { Column, ItemCodec } from "../batch/mod.ts";

/** A column, and how its values are written. */
export interface PostgresColumn {
  readonly name: string;
  /** As PostgreSQL names it. */
  readonly type: string;
  /** Whether rows may lack it. */
  readonly optional: boolean;
  /** The column's values of these products as the text of a PostgreSQL array. */
  readonly listOf: (products: readonly unknown[]) => string;
}

/** The sink's own columns: the product's key, its epoch, and when it was shipped. */
export const OWN_COLUMNS: readonly { readonly name: string; readonly type: string }[] = [
  { name: "_key", type: "text" },
  { name: "_epoch", type: "bigint" },
  { name: "_at", type: "timestamp with time zone" },
];

/** Name of the one column of a product that is no plain object. */
const WHOLE = "value";

const TYPES: Readonly<Record<Column["logical"], string>> = {
  number: "double precision",
  int: "bigint",
  boolean: "boolean",
  string: "text",
  enum: "text",
  date: "timestamp with time zone",
  json: "jsonb",
};

const TEXTS: Readonly<Record<Column["logical"], (value: never) => string>> = {
  number: String,
  int: String,
  boolean: String,
  string: quotedText,
  enum: quotedText,
  date: (date: Date) => `"${timestampText(date.getTime())}"`,
  json: (value: unknown) => quotedText(jsonText(value)),
};

/** The columns of a product type, in the order of its fields. */
export function postgresColumns(codec: ItemCodec): PostgresColumn[] {
  return codec.columns.map(({ name, logical, optional, nullable }) => {
    const write = TEXTS[logical] as (value: unknown) => string;
    const valueOf = name === ""
      ? (product: unknown) => product
      : (product: unknown) => (product as Record<string, unknown>)[name];
    return {
      name: name === "" ? WHOLE : name,
      type: TYPES[logical],
      optional: optional || nullable,
      listOf: (products) =>
        listText(products, (product) => {
          const value = valueOf(product);
          return value === undefined || value === null ? "NULL" : write(value);
        }),
    };
  });
}

/** Texts as the text of a PostgreSQL array. */
export function listOfTexts(texts: readonly string[]): string {
  return listText(texts, quotedText);
}

/** A time in the form that PostgreSQL reads whatever its settings. Before 4714 BC it has none but `-infinity`. */
export function timestampText(ms: number): string {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  const rest = date.toISOString().slice(-20); // "-MM-DDTHH:MM:SS.mmmZ"
  if (year > 0) return `${String(year).padStart(4, "0")}${rest}`;
  return year < -4712 ? "-infinity" : `${String(1 - year).padStart(4, "0")}${rest} BC`;
}

function listText<T>(values: readonly T[], write: (value: T) => string): string {
  let list = "{";
  for (let i = 0; i < values.length; i++) list += i === 0 ? write(values[i]) : `,${write(values[i])}`;
  return `${list}}`;
}

/** PostgreSQL's texts have no NUL: U+FFFD stands for it, as it does for halves of surrogate pairs in UTF-8. */
function quotedText(text: string): string {
  if (!/["\\\0]/.test(text)) return `"${text}"`;
  return `"${text.replaceAll(/["\\]/g, "\\$&").replaceAll("\0", "\ufffd")}"`;
}

/** JSON without the escapes that jsonb refuses, for the same reasons. */
function jsonText(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  if (!text.includes("\\u")) return text;
  return text.replaceAll(
    /\\\\|\\u(?:0000|d[89a-f][0-9a-f]{2})/g,
    (found) => found === "\\\\" ? found : "\ufffd",
  );
}
