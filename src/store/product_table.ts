/**
 * Tables of products.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "../core/mod.ts";
import { OUTBOX, TABLES } from "./layout.ts";
import { OWN_COLUMNS, type ProductColumn } from "./product_columns.ts";
import { quoted } from "./sql_text.ts";

/** What a table may be called: plain names, none of the store's own or SQLite's. */
export function checkTableName(table: string): void {
  const plain = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/.test(table);
  const own = [...TABLES, OUTBOX].includes(table.toLowerCase()) || /^sqlite_/i.test(table);
  if (plain && !own) return;
  throw new StoreError(
    `store: a table of products can't be called ${JSON.stringify(table)}: ` +
      (own ? "the name is taken" : `expected a letter or "_", then letters, digits, "_" or "-", 128 at most`),
    { code: "STORE_TABLE", fields: { table } },
  );
}

/**
 * Makes the table of a product type, or makes sure that the one that is there fits. Fields that are new and may be
 * missing become new columns; the columns have no constraints, so that a schema may also become more lenient.
 *
 * @throws {StoreError} `STORE_SCHEMA`, naming the columns that don't fit
 */
export function ensureTable(
  database: DatabaseSync,
  { table, what, columns, directory }: {
    table: string;
    what: string;
    columns: readonly ProductColumn[];
    directory: string;
  },
): void {
  const wanted = [...columns, ...OWN_COLUMNS.map((column) => ({ ...column, optional: false }))];
  const found = new Map(
    database.prepare(`PRAGMA table_info(${quoted(table)})`).all().map(({ name, type }) => [name, type]),
  );
  if (found.size === 0) {
    database.exec(`CREATE TABLE ${quoted(table)} (${wanted.map(definition).join(", ")})`);
    return;
  }
  const problems = differences(wanted, found);
  if (problems.length > 0) {
    throw new StoreError(
      `store: ${directory}: table ${table} doesn't fit the schema of ${what}: ${problems.join("; ")}. ` +
        `Rename or drop the table, or use another data directory`,
      { code: "STORE_SCHEMA", fields: { directory, table, problems } },
    );
  }
  for (const column of wanted) {
    if (!found.has(column.name)) {
      database.exec(`ALTER TABLE ${quoted(table)} ADD COLUMN ${definition(column)}`);
    }
  }
}

function definition({ name, type }: { name: string; type: string }): string {
  return `${quoted(name)} ${type}`;
}

function differences(
  wanted: readonly { name: string; type: string; optional: boolean }[],
  found: ReadonlyMap<unknown, unknown>,
): string[] {
  const problems: string[] = [];
  for (const { name, type, optional } of wanted) {
    const there = found.get(name);
    if (there === undefined) {
      if (!optional) {
        problems.push(`column ${name} (${type}) is missing, and rows that are there would have no value`);
      }
    } else if (there !== type) problems.push(`column ${name} is ${there} and would have to be ${type}`);
  }
  const names = new Set<unknown>(wanted.map(({ name }) => name));
  for (const name of found.keys()) if (!names.has(name)) problems.push(`column ${name} is not in the schema`);
  return problems;
}
