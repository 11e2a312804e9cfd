/**
 * Tables of products in PostgreSQL.
 *
 * @module
 */

import type { ItemCodec } from "../batch/mod.ts";
import { SinkError } from "../core/mod.ts";
import {
  listOfTexts,
  OWN_COLUMNS,
  type PostgresColumn,
  postgresColumns,
  timestampText,
} from "./postgres_columns.ts";
import type { Transaction } from "./postgres_connection.ts";
import type { Delivery } from "./sink.ts";

/** PostgreSQL cuts longer names without a word. */
const NAME_BYTES = 63;

/** Where a table is. */
export interface TablePlace {
  readonly schema: string;
  readonly table: string;
}

/** The table of one product type. */
export class PostgresTable {
  readonly #codec: ItemCodec;
  readonly #place: TablePlace;
  readonly #columns: readonly PostgresColumn[];
  readonly #insert: string;

  /** @throws {SinkError} when a name can't be one */
  constructor(codec: ItemCodec, place: TablePlace) {
    this.#codec = codec;
    this.#place = place;
    this.#columns = postgresColumns(codec);
    this.#checkNames();
    this.#insert = insertStatement(place, this.#columns);
  }

  /**
   * Makes the table, or makes sure that the one that is there fits. Fields that are new and may be missing become
   * new columns; columns of the user's own are left alone if rows may lack them.
   *
   * @throws {SinkError} `fields.final`, naming the columns that don't fit
   */
  async ensure(transaction: Transaction): Promise<void> {
    const name = quotedPlace(this.#place);
    const wanted = this.#wanted();
    const definition = ({ name, type }: { name: string; type: string }) => `${quoted(name)} ${type}`;
    await transaction.query(`CREATE TABLE IF NOT EXISTS ${name} (${wanted.map(definition).join(", ")})`);
    const rows = await transaction.query(
      "SELECT attname AS name, format_type(atttypid, atttypmod) AS type, " +
        "attnotnull AND NOT atthasdef AND attidentity = '' AS required " +
        "FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
      name,
    );
    this.#compare(rows as unknown as FoundColumn[]);
    const found = new Set(rows.map(({ name }) => name));
    for (const column of wanted.filter(({ name }) => !found.has(name))) {
      await transaction.query(`ALTER TABLE ${name} ADD COLUMN ${definition(column)}`);
    }
  }

  /** Adds a delivery's products, in their order, in one statement. */
  async insert(transaction: Transaction, delivery: Delivery): Promise<void> {
    const { products, keys, count, epoch, at } = delivery;
    if (count === 0) return;
    const lists = this.#columns.map(({ listOf }) => listOf(products));
    await transaction.query(this.#insert, ...lists, listOfTexts(keys), String(epoch), timestampText(at));
  }

  #wanted(): { name: string; type: string; optional: boolean }[] {
    return [...this.#columns, ...OWN_COLUMNS.map((column) => ({ ...column, optional: false }))];
  }

  #checkNames(): void {
    const { schema, table } = this.#place;
    const names = [schema, table, ...this.#wanted().map(({ name }) => name)];
    const bad = names.find((name) =>
      name.includes("\0") || new TextEncoder().encode(name).length > NAME_BYTES
    );
    if (bad !== undefined) {
      throw this.#refusal(
        `${JSON.stringify(bad)} can't be a name in PostgreSQL: ${NAME_BYTES} bytes at most, no NUL`,
      );
    }
    const columns = names.slice(2);
    const twice = columns.find((name, i) => columns.indexOf(name) !== i);
    if (twice !== undefined) {
      throw this.#refusal(`column ${twice} is there twice: it is one of the sink's own`);
    }
  }

  #compare(found: readonly FoundColumn[]): void {
    const there = new Map(found.map((column) => [column.name, column]));
    const wanted = this.#wanted();
    const problems = wanted.flatMap(({ name, type, optional }) => {
      const column = there.get(name);
      if (column === undefined) {
        return optional
          ? []
          : [`column ${name} (${type}) is missing, and rows that are there would have no value`];
      }
      return column.type === type ? [] : [`column ${name} is ${column.type} and would have to be ${type}`];
    });
    const names = new Set(wanted.map(({ name }) => name));
    for (const { name, required } of found) {
      if (required && !names.has(name)) {
        problems.push(`column ${name} is not in the schema and wants a value`);
      }
    }
    if (problems.length > 0) throw this.#refusal(problems.join("; "));
  }

  #refusal(problems: string): SinkError {
    const { schema, table } = this.#place;
    return new SinkError(
      `table ${schema}.${table} doesn't fit the schema of ${this.#codec.what}: ${problems}`,
      {
        fields: { final: true, table, problems },
      },
    );
  }
}

interface FoundColumn {
  readonly name: string;
  readonly type: string;
  /** Rows can't lack it. */
  readonly required: boolean;
}

/** A name as an identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll(`"`, `""`)}"`;
}

/** A table as an identifier. */
export function quotedPlace({ schema, table }: TablePlace): string {
  return `${quoted(schema)}.${quoted(table)}`;
}

/** A column is one parameter, however many rows there are. Faster than many rows of VALUES, and no harder than COPY. */
function insertStatement(place: TablePlace, columns: readonly PostgresColumn[]): string {
  const names = [...columns, ...OWN_COLUMNS].map(({ name }) => quoted(name)).join(", ");
  const lists = [...columns.map(({ type }) => type), "text"].map((type, i) => `$${i + 1}::${type}[]`);
  const [epoch, at] = [lists.length + 1, lists.length + 2];
  return `INSERT INTO ${quotedPlace(place)} (${names}) ` +
    `SELECT row.*, $${epoch}::bigint, $${at}::text::timestamptz FROM unnest(${lists.join(", ")}) AS row`;
}
