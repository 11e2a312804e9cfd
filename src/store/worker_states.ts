/**
 * The workers' states, as of the last commit.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { INSERT_ROWS } from "../core/limits.ts";
import { sqlKey } from "./sql_text.ts";

/** A worker, put away. */
export interface StoredState {
  /** The key that it serves. */
  readonly key: string;
  /** The slot of the key's hash. */
  readonly slot: number;
  /** Of the key, unsigned. */
  readonly hash: number;
  /** Of the blueprint's state. */
  readonly version: number;
  /** In whatever form the workshop gives it; text can be read by any SQLite tool. */
  readonly state: string | Uint8Array;
  /** ms since 1970. */
  readonly hiredAt: number;
  /** ms since 1970. */
  readonly renewedAt: number;
  /** Items processed without failing. */
  readonly processed: number;
  /** What the worker still had to do, in whatever form the workshop gives it, or {@link OWED}. */
  readonly pending: string | null;
}

/** Stands for a worker that is hired and has nothing to do but to say good-bye some day. */
export const OWED: string = "good-bye";

const COLUMNS = "key, slot, hash, version, state, hired_at, renewed_at, processed, pending";
const ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?)";
const UPDATE = COLUMNS.split(", ").slice(1).map((name) => `${name} = excluded.${name}`).join(", ");

/** The table `worker_state`. */
export class WorkerStates {
  readonly #one: StatementSync;
  readonly #many: StatementSync;
  readonly #delete: StatementSync;
  readonly #other: StatementSync;

  constructor(database: DatabaseSync) {
    const upsert = (rows: number) =>
      database.prepare(
        `INSERT INTO worker_state (${COLUMNS}) VALUES ${Array(rows).fill(ROW).join()} ` +
          `ON CONFLICT (key) DO UPDATE SET ${UPDATE}`,
      );
    this.#one = upsert(1);
    this.#many = upsert(INSERT_ROWS);
    this.#delete = database.prepare("DELETE FROM worker_state WHERE key = ?");
    this.#other = database.prepare("SELECT version FROM worker_state WHERE version <> ? LIMIT 1");
  }

  put(states: Iterable<StoredState>): void {
    let rows: StoredState[] = [];
    for (const state of states) {
      if (rows.push(state) < INSERT_ROWS) continue;
      this.#many.run(...rows.flatMap(valuesOf));
      rows = [];
    }
    for (const state of rows) this.#one.run(...valuesOf(state));
  }

  /** The version of some state that isn't of this one, or undefined when all are. */
  otherVersion(version: number): number | undefined {
    return this.#other.get(version)?.version as number | undefined;
  }

  delete(keys: Iterable<string>): void {
    for (const key of keys) this.#delete.run(sqlKey(key));
  }
}

function valuesOf(state: StoredState): (string | number | Uint8Array | null)[] {
  const { key, slot, hash, version, hiredAt, renewedAt, processed, pending } = state;
  return [sqlKey(key), slot, hash, version, state.state, hiredAt, renewedAt, processed, pending];
}
