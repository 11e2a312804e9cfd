/**
 * The items that no attempt could process.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { DEAD_LETTERS_PAGE } from "../core/limits.ts";
import { guarded } from "./failure.ts";
import { keyOf, SELECT_KEY, sqlKey } from "./sql_text.ts";

/** An item that was given up, and why. */
export interface NewDeadLetter {
  /** The item's. */
  readonly key: string;
  /** What failed: `error`, `timeout`, … */
  readonly reason: string;
  /** The last error's message. */
  readonly error: string;
  /** The last error's stack. */
  readonly stack: string;
  /** Turns that were tried. */
  readonly attempts: number;
  /** The item as JSON, or as text that loses nothing where JSON would. */
  readonly material: string;
  /** ms since 1970. */
  readonly at: number;
  /** The epoch that the item belonged to. */
  readonly epoch: number;
}

/** A dead letter, stored. */
export interface StoredDeadLetter extends NewDeadLetter {
  /** Grows with every letter, and is never used again. */
  readonly id: number;
}

/** Which letters to list. */
export interface DeadLetterQuery {
  /** Letters with greater ids only. Default 0. */
  readonly after?: number;
  /** 1 to 1,000; default 100. */
  readonly limit?: number;
  /** Letters of this epoch and earlier ones only. Default: all. */
  readonly epoch?: number;
}

/** Which letters to take for a replay. */
export interface DeadLetterSelection extends DeadLetterQuery {
  /** Only these. Default: all. */
  readonly ids?: readonly number[];
  /** But not these. */
  readonly except?: readonly number[];
  /** 1 to 1,000; default 1,000. */
  readonly limit?: number;
}

const COLUMNS = `id, at, ${SELECT_KEY}, reason, error, stack, attempts, material, epoch`;

/**
 * The table `dead_letters`. It holds as many as there are until somebody purges or replays them.
 *
 * A replay takes letters, pushes their material, and has them settled in the transaction that commits what comes of
 * it. Until then they stay in the table: taken, which only this process knows.
 */
export class DeadLetters {
  readonly #directory: string;
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #page: StatementSync;
  readonly #delete: StatementSync;
  readonly #taken = new Set<number>();

  /** Use {@link Store.deadLetters}. */
  constructor(database: DatabaseSync, directory: string) {
    this.#directory = directory;
    this.#database = database;
    this.#insert = database.prepare(
      "INSERT INTO dead_letters (at, key, reason, error, stack, attempts, material, epoch) " +
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#page = database.prepare(
      `SELECT ${COLUMNS} FROM dead_letters WHERE id > ? AND epoch <= ? ORDER BY id LIMIT ?`,
    );
    this.#delete = database.prepare("DELETE FROM dead_letters WHERE id = ? AND epoch <= ?");
  }

  /** Adds a letter, in the open transaction if there is one. @returns its id */
  insert(letter: NewDeadLetter): number {
    const { at, key, reason, error, stack, attempts, material, epoch } = letter;
    const values = [at, sqlKey(key), reason, error, stack, attempts, material, epoch];
    return Number(this.#guarded("written", () => this.#insert.run(...values)).lastInsertRowid);
  }

  /** A page of letters by id, oldest first. */
  list(
    { after = 0, limit = 100, epoch = Number.MAX_SAFE_INTEGER }: DeadLetterQuery = {},
  ): StoredDeadLetter[] {
    const most = Math.min(limit, DEAD_LETTERS_PAGE);
    const rows = this.#guarded("read", () => this.#page.all(after, epoch, most));
    return rows.map(letterOf);
  }

  /** How many there are, of this epoch and earlier ones. */
  count(epoch: number = Number.MAX_SAFE_INTEGER): number {
    return Number(this.#sum("count(*)", epoch));
  }

  /** The greatest id of this epoch and earlier ones; 0 if there are none. */
  newest(epoch: number = Number.MAX_SAFE_INTEGER): number {
    return Number(this.#sum("coalesce(max(id), 0)", epoch));
  }

  /** Forgets these letters, or all: of this epoch and earlier ones. @returns how many there were */
  purge(ids?: Iterable<number>, epoch: number = Number.MAX_SAFE_INTEGER): number {
    if (ids === undefined) {
      this.#taken.clear();
      const all = this.#database.prepare("DELETE FROM dead_letters WHERE epoch <= ?");
      return Number(this.#guarded("purged", () => all.run(epoch)).changes);
    }
    let purged = 0;
    for (const id of ids) {
      this.#taken.delete(id);
      purged += Number(this.#guarded("purged", () => this.#delete.run(id, epoch)).changes);
    }
    return purged;
  }

  /** Takes letters for a replay, the oldest first: nobody else gets them until they are released. */
  take(
    { ids, except, limit = DEAD_LETTERS_PAGE, ...query }: DeadLetterSelection = {},
  ): StoredDeadLetter[] {
    const most = Math.min(limit, DEAD_LETTERS_PAGE);
    const left = new Set(except);
    const letters: StoredDeadLetter[] = [];
    for (const letter of ids ? this.#these(ids, query) : this.#all(query)) {
      if (letters.length >= most) break;
      if (this.#taken.has(letter.id) || left.has(letter.id)) continue;
      this.#taken.add(letter.id);
      letters.push(letter);
    }
    return letters;
  }

  /** The replay of these letters is committed: forgets them. */
  settle(ids: Iterable<number>): void {
    this.purge(ids);
  }

  /** The replay of these letters came to nothing: they can be taken again. */
  release(ids: Iterable<number>): void {
    for (const id of ids) this.#taken.delete(id);
  }

  *#these(ids: readonly number[], { after = 0, epoch }: DeadLetterQuery): Generator<StoredDeadLetter> {
    for (const id of ids.toSorted((a, b) => a - b)) {
      if (id <= after) continue;
      const [letter] = this.list({ after: id - 1, limit: 1, epoch });
      if (letter?.id === id) yield letter;
    }
  }

  *#all({ after = 0, epoch }: DeadLetterQuery): Generator<StoredDeadLetter> {
    while (true) {
      const letters = this.list({ after, limit: DEAD_LETTERS_PAGE, epoch });
      yield* letters;
      if (letters.length < DEAD_LETTERS_PAGE) return;
      after = letters[letters.length - 1].id;
    }
  }

  #sum(what: string, epoch: number): unknown {
    const sum = this.#database.prepare(`SELECT ${what} AS n FROM dead_letters WHERE epoch <= ?`);
    return this.#guarded("counted", () => sum.get(epoch))?.n;
  }

  #guarded<T>(done: string, work: () => T): T {
    return guarded({ directory: this.#directory, what: `dead letters can't be ${done}` }, work);
  }
}

function letterOf(row: Record<string, unknown>): StoredDeadLetter {
  return {
    id: row.id as number,
    key: keyOf(row),
    reason: row.reason as string,
    error: row.error as string,
    stack: row.stack as string,
    attempts: row.attempts as number,
    material: row.material as string,
    at: row.at as number,
    epoch: row.epoch as number,
  };
}
