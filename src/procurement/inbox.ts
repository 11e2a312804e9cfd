/**
 * The inbox: pushed items that were promised to be processed, kept until they are committed.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Clock } from "../core/mod.ts";
import { guarded } from "../store/mod.ts";
import type { Parcel } from "./checker.ts";
import { Requests } from "./inbox_requests.ts";

/** What an inbox is made with. */
export interface InboxOptions {
  /** From `openInboxFile`. */
  readonly database: DatabaseSync;
  readonly directory: string;
  readonly clock: Clock;
  /** The last row that is committed in all its items. */
  readonly position: number;
}

/** A push, named. */
export interface NamedOutcome {
  readonly key: string;
  /** Of its items. */
  readonly hash: string;
  readonly outcome: { readonly accepted: number; readonly rejected: unknown };
}

/** Items in the order in which they were pushed. */
export interface InboxRow {
  readonly id: number;
  readonly rows: number;
  /** Of the material's codec. */
  readonly batch: ArrayBuffer;
  /** Given, the dead letters that the items come from, one for each. */
  readonly letters: readonly number[] | undefined;
}

/**
 * Rows of items, numbered in their order. A transaction of its own beside the store's: the store's lasts an epoch,
 * and whoever pushes can't wait so long.
 */
export class Inbox {
  /** Named pushes and what became of them. */
  readonly requests: Requests;
  readonly #database: DatabaseSync;
  readonly #directory: string;
  readonly #insert: StatementSync;
  readonly #next: StatementSync;
  readonly #delete: StatementSync;
  readonly #weigh: StatementSync;
  #last: number;
  #bytes: number;

  constructor({ database, directory, clock, position }: InboxOptions) {
    this.#database = database;
    this.#directory = directory;
    this.#insert = database.prepare("INSERT INTO pushed (rows, batch, letters) VALUES (?, ?, ?)");
    this.#next = database.prepare(
      "SELECT id, rows, batch, letters FROM pushed WHERE id > ? ORDER BY id LIMIT 1",
    );
    this.#delete = database.prepare("DELETE FROM pushed WHERE id <= ?");
    this.#weigh = database.prepare(
      "SELECT coalesce(sum(length(batch)), 0) AS bytes FROM pushed WHERE id <= ?",
    );
    this.requests = new Requests({ database, clock });
    this.#last = this.#guarded("opened", () => this.#goOnBehind(position));
    this.#bytes = 0;
    this.#guarded("opened", () => {
      this.#delete.run(position);
      this.#bytes = this.#bytesTo(this.#last);
    });
  }

  /** Bytes of the items that are not committed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The id of the last row that was ever appended. */
  get last(): number {
    return this.#last;
  }

  /**
   * Appends items, and remembers the push if it is named: all, or nothing.
   *
   * @returns the id of the last row; 0 when there are no items
   * @throws {StoreError} `STORE_FULL` when the disk is full
   */
  append(
    { parcels, letters, named }: {
      parcels: readonly Parcel[];
      /** One for each item. */
      letters?: readonly number[];
      named?: NamedOutcome;
    },
  ): number {
    return this.#guarded("written", () => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const last = this.#insertAll(parcels, letters);
        if (named) this.requests.put({ ...named, last });
        this.#database.exec("COMMIT");
        this.#last = Math.max(this.#last, last);
        for (const { buffer } of parcels) this.#bytes += buffer.byteLength;
        return last;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        this.requests.recount();
        throw error;
      }
    });
  }

  /** The first row behind one, or undefined when that is the last. */
  next(after: number): InboxRow | undefined {
    const row = this.#guarded("read", () => this.#next.get(after));
    if (row === undefined) return undefined;
    const { id, rows, batch, letters } = row;
    return {
      id: id as number,
      rows: rows as number,
      batch: new Uint8Array(batch as Uint8Array).buffer, // a copy: it has to be aligned
      letters: letters === null ? undefined : JSON.parse(letters as string),
    };
  }

  /** Everything up to a row is committed: forgets it. */
  settle(position: number): void {
    this.#guarded("written", () => {
      const bytes = this.#bytesTo(position);
      this.#delete.run(position);
      this.#bytes -= bytes;
    });
  }

  /** The dead letters that items come from which aren't committed. */
  letters(): number[] {
    const rows = this.#guarded(
      "read",
      () => this.#database.prepare("SELECT letters FROM pushed WHERE letters IS NOT NULL ORDER BY id").all(),
    );
    return rows.flatMap(({ letters }) => JSON.parse(letters as string) as number[]);
  }

  /** How many items there are behind a row. */
  itemsBehind(position: number): number {
    const sum = this.#database.prepare("SELECT coalesce(sum(rows), 0) AS n FROM pushed WHERE id > ?");
    return Number(this.#guarded("read", () => sum.get(position))?.n);
  }

  /** May be called more than once. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #insertAll(parcels: readonly Parcel[], letters: readonly number[] | undefined): number {
    let last = 0;
    let item = 0;
    for (const { rows, buffer } of parcels) {
      const own = letters && JSON.stringify(letters.slice(item, item + rows));
      item += rows;
      last = Number(this.#insert.run(rows, new Uint8Array(buffer), own ?? null).lastInsertRowid);
    }
    return last;
  }

  /** Numbers rows on from `position` even if the file is another one than it was: a power loss may have cut it. */
  #goOnBehind(position: number): number {
    const sequence = this.#database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'pushed'").get();
    const last = Number(sequence?.seq ?? 0);
    if (last >= position) return last;
    const sql = sequence
      ? "UPDATE sqlite_sequence SET seq = ? WHERE name = 'pushed'"
      : "INSERT INTO sqlite_sequence (seq, name) VALUES (?, 'pushed')";
    this.#database.prepare(sql).run(position);
    return position;
  }

  #bytesTo(position: number): number {
    return Number(this.#weigh.get(position)?.bytes);
  }

  #guarded<T>(done: string, work: () => T): T {
    return guarded({ directory: this.#directory, what: `the inbox can't be ${done}` }, work);
  }
}
