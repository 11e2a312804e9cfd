/**
 * A product's fields as columns of a table.
 *
 * @module
 */

import type { Column, ItemCodec } from "../batch/mod.ts";
import { StoreError } from "../core/mod.ts";

/** A value that SQLite takes. */
export type SqlValue = string | number | null;

/** A column of a product table. */
export interface ProductColumn {
  readonly name: string;
  readonly type: "REAL" | "INTEGER" | "TEXT";
  /** Whether rows may lack it. */
  readonly optional: boolean;
  /** The column's value of a product. */
  readonly valueOf: (product: unknown) => SqlValue;
}

/** The store's own columns: the product's key, its epoch, and when it was shipped, ms since 1970. */
export const OWN_COLUMNS: readonly { readonly name: string; readonly type: string }[] = [
  { name: "_key", type: "TEXT" },
  { name: "_epoch", type: "INTEGER" },
  { name: "_at", type: "INTEGER" },
];

/** Name of the one column of a product that is no plain object. */
const WHOLE = "value";

/**
 * The columns of a product type: numbers as REAL, integers as INTEGER, booleans as 0 and 1, dates as ms since 1970,
 * texts as TEXT, everything else as JSON. Missing fields, null and NaN are NULL.
 *
 * @throws {StoreError} when fields would share a column: SQLite's names don't differ by case alone
 */
export function productColumns(codec: ItemCodec): ProductColumn[] {
  const seen = new Set(OWN_COLUMNS.map(({ name }) => name));
  return codec.columns.map((column) => {
    const name = column.name === "" ? WHOLE : column.name;
    const key = name.toLowerCase();
    if (seen.has(key) || name.includes("\0")) {
      throw new StoreError(
        `store: ${codec.what}: field ${
          JSON.stringify(name)
        } can't be a column: another field or one of the store's ` +
          `own (${
            OWN_COLUMNS.map(({ name }) => name).join(", ")
          }) has the name already, or it contains a NUL`,
        { code: "STORE_SCHEMA", fields: { field: name } },
      );
    }
    seen.add(key);
    return {
      name,
      type: typeOf(column),
      optional: column.optional || column.nullable,
      valueOf: reader(column),
    };
  });
}

function typeOf({ logical }: Column): ProductColumn["type"] {
  switch (logical) {
    case "number":
      return "REAL";
    case "int":
    case "boolean":
    case "date":
      return "INTEGER";
    default:
      return "TEXT";
  }
}

type Fields = Readonly<Record<string, never>>;

function reader({ name, logical }: Column): ProductColumn["valueOf"] {
  const whole = name === "";
  const field = whole ? (product: unknown) => product : (product: unknown) => (product as Fields)[name];
  switch (logical) {
    case "boolean":
      return (product) => orNull(field(product), (value) => value ? 1 : 0);
    case "date":
      return (product) => orNull(field(product), Number);
    case "json":
      return (product) => orNull(field(product), (value) => JSON.stringify(value) ?? null);
    default:
      return whole
        ? (product) => (product as SqlValue) ?? null
        : (product) => (product as Record<string, SqlValue>)[name] ?? null;
  }
}

function orNull(value: unknown, convert: (value: unknown) => SqlValue): SqlValue {
  return value === undefined || value === null ? null : convert(value);
}
