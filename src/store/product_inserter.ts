/**
 * Writing products.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { INSERT_ROWS, SQL_VALUES } from "../core/limits.ts";
import { OWN_COLUMNS, type ProductColumn, type SqlValue } from "./product_columns.ts";
import { quoted } from "./sql_text.ts";

/** Products of one type, as a delivery has them. */
export interface ProductRows {
  /** Plain objects that fit the schema. */
  readonly products: readonly unknown[];
  /** The key of each product. */
  readonly keys: readonly string[];
  /** The epoch that they belong to. */
  readonly epoch: number;
  /** ms since 1970. */
  readonly at: number;
  /** The workshop that shipped them all, if its part of the transaction may have to be taken back. */
  readonly workshop?: number;
}

/** Writes products of one type into their table. */
export interface ProductInserter {
  /** The table's name. */
  readonly table: string;
  /**
   * Adds the rows in order, all or none, in the open transaction if there is one.
   *
   * @throws {StoreError}
   */
  insert(rows: ProductRows): void;
  /** Lets another inserter have the table. */
  close(): void;
}

/** The rows of one delivery as few, large statements. */
export class RowWriter {
  readonly #database: DatabaseSync;
  readonly #columns: readonly ProductColumn[];
  readonly #rows: number;
  readonly #one: StatementSync;
  readonly #many: StatementSync;

  constructor(
    database: DatabaseSync,
    { table, columns }: { table: string; columns: readonly ProductColumn[] },
  ) {
    const width = columns.length + OWN_COLUMNS.length;
    const names = [...columns, ...OWN_COLUMNS].map(({ name }) => quoted(name)).join(", ");
    const row = `(${Array(width).fill("?").join(", ")})`;
    const insert = (rows: number) =>
      database.prepare(`INSERT INTO ${quoted(table)} (${names}) VALUES ${Array(rows).fill(row).join(", ")}`);
    this.#database = database;
    this.#columns = columns;
    this.#rows = Math.max(1, Math.min(INSERT_ROWS, Math.floor(SQL_VALUES / width)));
    this.#one = insert(1);
    this.#many = insert(this.#rows);
  }

  /** All rows or none: what goes wrong half-way leaves nothing behind in the transaction. @returns their ids */
  write(rows: ProductRows): { first: number; last: number } {
    this.#database.exec("SAVEPOINT delivery");
    let last: number;
    try {
      last = this.#insert(rows);
    } catch (error) {
      this.#undo();
      throw error;
    }
    this.#database.exec("RELEASE delivery");
    return { first: last - rows.products.length + 1, last };
  }

  /** @returns the id of the last row */
  #insert(rows: ProductRows): number {
    const { length } = rows.products;
    let last: number | bigint = 0;
    const values: SqlValue[] = [];
    let next = 0;
    for (; next + this.#rows <= length; next += this.#rows) {
      this.#bind(values, { rows, from: next, to: next + this.#rows });
      last = this.#many.run(...values).lastInsertRowid;
    }
    for (; next < length; next++) {
      this.#bind(values, { rows, from: next, to: next + 1 });
      last = this.#one.run(...values).lastInsertRowid;
    }
    return Number(last);
  }

  #bind(values: SqlValue[], { rows, from, to }: { rows: ProductRows; from: number; to: number }): void {
    const { products, keys, epoch, at } = rows;
    let next = 0;
    for (let row = from; row < to; row++) {
      for (const { valueOf } of this.#columns) values[next++] = valueOf(products[row]);
      values[next++] = keys[row];
      values[next++] = epoch;
      values[next++] = at;
    }
    values.length = next;
  }

  /** A full disk makes SQLite give up the whole transaction, and the savepoint with it. */
  #undo(): void {
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK TO delivery; RELEASE delivery");
  }
}
