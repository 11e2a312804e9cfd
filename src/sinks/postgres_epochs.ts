/**
 * What PostgreSQL remembers of a factory: the last epoch of each product type, and who may write the next.
 *
 * @module
 */

import { SinkError } from "../core/mod.ts";
import { listOfTexts } from "./postgres_columns.ts";
import type { Transaction } from "./postgres_connection.ts";
import { quotedPlace } from "./postgres_table.ts";

/** Name of its table. */
export const EPOCHS_TABLE: string = "shopfloor_epochs";

/** Whose epochs they are. */
export interface EpochsOwner {
  readonly schema: string;
  /** Names the factory's data directory among all. */
  readonly factory: string;
  /** The product types. */
  readonly types: readonly string[];
}

/**
 * The rows of one factory in `shopfloor_epochs`. They are for product types rather than sinks, so that types can be
 * moved from one sink to another in the same database.
 *
 * Each opening takes the next fencing number. An earlier one's transactions (of a process that was thought dead, of
 * a copy of the data directory, of a call that is overdue) then find that theirs is no longer the one that counts.
 */
export class PostgresEpochs {
  readonly #owner: EpochsOwner;
  readonly #table: string;
  readonly #fencing = new Map<string, string>();

  constructor(owner: EpochsOwner) {
    this.#owner = owner;
    this.#table = quotedPlace({ schema: owner.schema, table: EPOCHS_TABLE });
  }

  /** Makes the table. */
  async ensure({ query }: Transaction): Promise<void> {
    await query(
      `CREATE TABLE IF NOT EXISTS ${this.#table} (factory text, product text, epoch bigint NOT NULL, ` +
        "fencing bigint NOT NULL, committed_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (factory, product))",
    );
  }

  /** Takes the rows over. @returns the last epoch of each type */
  async take({ query }: Transaction): Promise<Map<string, number>> {
    const { factory, types } = this.#owner;
    const rows = await query(
      `INSERT INTO ${this.#table} AS old (factory, product, epoch, fencing) ` +
        "SELECT $1, product, 0, 1 FROM unnest($2::text[]) AS product ORDER BY product " +
        "ON CONFLICT (factory, product) DO UPDATE SET fencing = old.fencing + 1 RETURNING product, epoch, fencing",
      factory,
      listOfTexts(types),
    );
    for (const { product, fencing } of rows) this.#fencing.set(String(product), String(fencing));
    return epochsOf(rows);
  }

  /**
   * The last epoch of each type, which nobody else can change before the transaction ends.
   *
   * @throws {SinkError} `fields.final` when somebody else has taken the rows over
   */
  async lock({ query }: Transaction): Promise<Map<string, number>> {
    const { factory, types } = this.#owner;
    const rows = await query(
      `SELECT product, epoch, fencing FROM ${this.#table} WHERE factory = $1 ` +
        "AND product = ANY($2::text[]) ORDER BY product FOR UPDATE",
      factory,
      listOfTexts(types),
    );
    const ours = rows.filter(({ product, fencing }) =>
      this.#fencing.get(String(product)) === String(fencing)
    );
    if (ours.length < types.length) {
      throw new SinkError(
        "another process has opened this data directory, or a copy of it, and delivers its products now",
        { fields: { final: true, factory } },
      );
    }
    return epochsOf(rows);
  }

  /** Notes that everything up to this epoch is there. */
  async advance({ query }: Transaction, epoch: number): Promise<void> {
    const { factory, types } = this.#owner;
    await query(
      `UPDATE ${this.#table} SET epoch = greatest(epoch, $3::bigint), committed_at = now() WHERE factory = $1 ` +
        "AND product = ANY($2::text[])",
      factory,
      listOfTexts(types),
      String(epoch),
    );
  }
}

function epochsOf(rows: readonly Record<string, unknown>[]): Map<string, number> {
  return new Map(rows.map(({ product, epoch }) => [String(product), Number(epoch)]));
}
