/**
 * What each workshop has had written in the open transaction, so that one workshop's part can be taken back.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { quoted } from "./sql_text.ts";
import type { StateReader } from "./state_reader.ts";
import type { StoredState, WorkerStates } from "./worker_states.ts";

/** Rows that were inserted one after the other. */
interface Rows {
  readonly table: string;
  readonly first: number;
  last: number;
}

/** One workshop's part of the transaction. */
interface Part {
  readonly rows: Rows[];
  /** Keys whose states were written or deleted. */
  readonly keys: Set<string>;
}

/**
 * Remembers inserted rows as ranges of row ids (one connection writes, so that what is inserted together is
 * numbered together) and states by their keys: what they were before is what others still read.
 */
export class UndoLog {
  readonly #database: DatabaseSync;
  readonly #parts = new Map<number, Part>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** The workshop's rows `first … last` are in a table. */
  rows(workshop: number, table: string, { first, last }: { first: number; last: number }): void {
    const { rows } = this.#part(workshop);
    const previous = rows.at(-1);
    if (previous?.table === table && previous.last + 1 === first) previous.last = last;
    else rows.push({ table, first, last });
  }

  /** The states of the workshop's workers have been written or deleted. */
  states(workshop: number, keys: Iterable<string>): void {
    const part = this.#part(workshop);
    for (const key of keys) part.keys.add(key);
  }

  /** Takes the workshop's part back: its rows go, its states become what `committed` says. */
  undo(
    workshop: number,
    { states, committed }: { states: WorkerStates; committed: () => StateReader },
  ): void {
    const part = this.#parts.get(workshop);
    if (part === undefined) return;
    for (const { table, first, last } of part.rows) {
      this.#database.prepare(`DELETE FROM ${quoted(table)} WHERE rowid BETWEEN ? AND ?`).run(first, last);
    }
    if (part.keys.size > 0) {
      const reader = committed();
      try {
        states.delete(part.keys);
        states.put(before(part.keys, reader));
      } finally {
        reader.close();
      }
    }
    this.#parts.delete(workshop);
  }

  /** The transaction is over. */
  clear(): void {
    this.#parts.clear();
  }

  #part(workshop: number): Part {
    let part = this.#parts.get(workshop);
    if (part === undefined) this.#parts.set(workshop, part = { rows: [], keys: new Set() });
    return part;
  }
}

function* before(keys: Iterable<string>, reader: StateReader): Generator<StoredState> {
  for (const key of keys) {
    const state = reader.get(key);
    if (state) yield state;
  }
}
