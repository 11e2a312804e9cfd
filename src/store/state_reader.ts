/**
 * Reading committed states, from any thread, beside the one that writes them.
 *
 * @module
 */

import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { DATABASE } from "./database_file.ts";
import { guarded } from "./failure.ts";
import { keyOf, SELECT_KEY, sqlKey } from "./sql_text.ts";
import { OWED, type StoredState } from "./worker_states.ts";

const COLUMNS = `${SELECT_KEY}, slot, hash, version, state, hired_at, renewed_at, processed, pending`;
const PAGE = 1_000;

/** A connection of its own that sees what is committed, and nothing of the transaction under way. */
export class StateReader {
  readonly #directory: string;
  readonly #database: DatabaseSync;
  readonly #one: StatementSync;

  /**
   * Opens the database of a data directory for reading.
   *
   * @throws {StoreError} when there is no store in the directory
   */
  constructor(directory: string) {
    this.#directory = directory;
    const path = join(directory, DATABASE);
    this.#database = guarded(
      { directory, what: "the states can't be opened" },
      () => new DatabaseSync(path, { readOnly: true }),
    );
    this.#one = this.#database.prepare(`SELECT ${COLUMNS} FROM worker_state WHERE key = ?`);
  }

  /** The state of one worker, or undefined if none is stored. */
  get(key: string): StoredState | undefined {
    const row = this.#guarded(() => this.#one.get(sqlKey(key)));
    return row && stateOf(row);
  }

  /** The states of whole slots, in no order. What is committed while the loop goes on may or may not be among them. */
  *ofSlots(slots: Iterable<number>): Generator<StoredState> {
    for (const page of this.#pages(slots, "")) yield* page;
  }

  /** The states of these slots' workers that still had something to do. */
  *unfinished(slots: Iterable<number>): Generator<StoredState> {
    for (const page of this.#pages(slots, `AND pending IS NOT NULL AND pending <> '${OWED}'`)) yield* page;
  }

  /**
   * The states of these slots' workers that had nothing left to do but to say good-bye some day, page by page: each
   * is what is committed at the moment that it is asked for.
   */
  owing(slots: Iterable<number>): Generator<StoredState[]> {
    return this.#pages(slots, `AND pending = '${OWED}'`);
  }

  *#pages(slots: Iterable<number>, also: string): Generator<StoredState[]> {
    const page = this.#database.prepare(
      `SELECT ${COLUMNS} FROM worker_state WHERE key > ? ${also} ` +
        `AND slot IN (${[...slots].map(Number).join()}) ORDER BY key LIMIT ${PAGE}`,
    );
    for (let last: string | Uint8Array = "";;) {
      const rows = this.#guarded(() => page.all(last));
      if (rows.length > 0) yield rows.map(stateOf);
      if (rows.length < PAGE) return;
      last = sqlKey(keyOf(rows[rows.length - 1]));
    }
  }

  /** May be called more than once. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #guarded<T>(work: () => T): T {
    return guarded({ directory: this.#directory, what: "a state can't be read" }, work);
  }
}

function stateOf(row: Record<string, unknown>): StoredState {
  return {
    key: keyOf(row),
    slot: row.slot as number,
    hash: row.hash as number,
    version: row.version as number,
    state: row.state as string | Uint8Array,
    hiredAt: row.hired_at as number,
    renewedAt: row.renewed_at as number,
    processed: row.processed as number,
    pending: row.pending as string | null,
  };
}
