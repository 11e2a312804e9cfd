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
  /** The item as JSON. */
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
}

/** Which letters to take for a replay. */
export interface DeadLetterSelection {
  /** Default: the oldest. */
  readonly ids?: readonly number[];
  /** 1 to 1,000; default 1,000. */
  readonly limit?: number;
}

const COLUMNS = `id, at, ${SELECT_KEY}, reason, error, stack, attempts, material, epoch`;

/**
 * The table `dead_letters`. It holds as many as there are until somebody purges or replays them.
 *
 * A replay takes letters, pushes their material, and settles them once that is committed. Letters that are taken
 * stay in the table, so that none is lost when the process dies in between; it may then be replayed again.
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
    this.#page = database.prepare(`SELECT ${COLUMNS} FROM dead_letters WHERE id > ? ORDER BY id LIMIT ?`);
    this.#delete = database.prepare("DELETE FROM dead_letters WHERE id = ?");
  }

  /** Adds a letter, in the open transaction if there is one. @returns its id */
  insert(letter: NewDeadLetter): number {
    const { at, key, reason, error, stack, attempts, material, epoch } = letter;
    const values = [at, sqlKey(key), reason, error, stack, attempts, material, epoch];
    return Number(this.#guarded("written", () => this.#insert.run(...values)).lastInsertRowid);
  }

  /** A page of letters by id, oldest first. */
  list({ after = 0, limit = 100 }: DeadLetterQuery = {}): StoredDeadLetter[] {
    const rows = this.#guarded("read", () => this.#page.all(after, Math.min(limit, DEAD_LETTERS_PAGE)));
    return rows.map(letterOf);
  }

  /** How many there are. */
  count(): number {
    const row = this.#guarded(
      "counted",
      () => this.#database.prepare("SELECT count(*) AS n FROM dead_letters").get(),
    );
    return Number(row?.n);
  }

  /** Forgets these letters, or all. @returns how many there were */
  purge(ids?: Iterable<number>): number {
    if (ids === undefined) {
      this.#taken.clear();
      return Number(
        this.#guarded("purged", () => this.#database.prepare("DELETE FROM dead_letters").run()).changes,
      );
    }
    let purged = 0;
    for (const id of ids) {
      this.#taken.delete(id);
      purged += Number(this.#guarded("purged", () => this.#delete.run(id)).changes);
    }
    return purged;
  }

  /** Takes letters for a replay: nobody else gets them until they are released. */
  take({ ids, limit = DEAD_LETTERS_PAGE }: DeadLetterSelection = {}): StoredDeadLetter[] {
    const most = Math.min(limit, DEAD_LETTERS_PAGE);
    const letters: StoredDeadLetter[] = [];
    for (const letter of ids ? this.#these(ids) : this.#all()) {
      if (letters.length >= most) break;
      if (this.#taken.has(letter.id)) continue;
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

  *#these(ids: readonly number[]): Generator<StoredDeadLetter> {
    for (const id of ids) {
      const [letter] = this.list({ after: id - 1, limit: 1 });
      if (letter?.id === id) yield letter;
    }
  }

  *#all(): Generator<StoredDeadLetter> {
    for (let after = 0;;) {
      const letters = this.list({ after, limit: DEAD_LETTERS_PAGE });
      yield* letters;
      if (letters.length < DEAD_LETTERS_PAGE) return;
      after = letters[letters.length - 1].id;
    }
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
