/**
 * Products that are committed here and still have to be committed elsewhere.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { guarded } from "./failure.ts";
import { OUTBOX } from "./layout.ts";

/** A batch of products of one type, as a workshop packed it. */
export interface OutboxBatch {
  /** The product type. */
  readonly type: string;
  /** The epoch that the products belong to. */
  readonly epoch: number;
  /** The workshop that shipped them. */
  readonly workshop: number;
  /** The workshop, and since when it has been there. */
  readonly origin: string;
  /** The batch's number on the workshop's conveyor. */
  readonly sequence: number;
  /** How many products. */
  readonly rows: number;
  /** When its first product was shipped, ms since 1970. */
  readonly at: number;
  /** The batch itself. */
  readonly buffer: ArrayBuffer;
}

/** What waits of one epoch. */
export interface OutboxEpoch {
  /** Its number. */
  readonly epoch: number;
  /** Of its batches. */
  readonly bytes: number;
}

/** What an outbox is made with. */
export interface OutboxParts {
  /** The store's. */
  readonly database: DatabaseSync;
  /** For messages. */
  readonly directory: string;
  /** About to write so many bytes. */
  readonly claim: (bytes: number) => void;
  /** Row `id` has been written on behalf of a workshop. */
  readonly wrote: (workshop: number, id: number) => void;
}

const COLUMNS = "type, epoch, workshop, origin, sequence, rows, at, buffer";

/**
 * The table `outbox`: batches of the epochs that a sink with transactions of its own hasn't taken yet. They are put
 * in with the epoch's transaction, and forgotten with that of a later one, after the sink has taken them.
 *
 * From the first use on, a commit waits for the disk: what another database is told about an epoch must never
 * outlive, in a power loss, what is known about it here.
 */
export class Outbox {
  /** Names this data directory among all: a factory that began anew in another one is another factory. */
  readonly id: string;
  readonly #parts: OutboxParts;
  readonly #insert: StatementSync;
  readonly #next: StatementSync;
  readonly #epochs: StatementSync;
  readonly #forget: StatementSync;

  /** Use {@link Store.outbox}. No transaction may be open. */
  constructor(parts: OutboxParts) {
    this.#parts = parts;
    const { database } = parts;
    // Made here rather than with the database, so that those who have no such sink don't have it.
    database.exec(`
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS ${OUTBOX} (
        id INTEGER PRIMARY KEY, type TEXT NOT NULL, epoch INTEGER NOT NULL, workshop INTEGER NOT NULL,
        origin TEXT NOT NULL, sequence INTEGER NOT NULL, rows INTEGER NOT NULL, at INTEGER NOT NULL, buffer BLOB NOT NULL
      );
      CREATE INDEX IF NOT EXISTS outbox_epoch ON ${OUTBOX} (epoch);
    `);
    this.id = idOf(database);
    this.#insert = database.prepare(`INSERT INTO ${OUTBOX} (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#next = database.prepare(
      `SELECT id, ${COLUMNS} FROM ${OUTBOX} WHERE epoch = ? AND id > ? ` +
        "AND type IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1",
    );
    this.#epochs = database.prepare(
      `SELECT epoch, sum(length(buffer)) AS bytes FROM ${OUTBOX} WHERE epoch BETWEEN ? AND ? ` +
        "AND type IN (SELECT value FROM json_each(?)) GROUP BY epoch ORDER BY epoch",
    );
    this.#forget = database.prepare(
      `DELETE FROM ${OUTBOX} WHERE epoch <= ? AND type IN (SELECT value FROM json_each(?))`,
    );
  }

  /** Adds a batch, in the open transaction. */
  put(batch: OutboxBatch): void {
    const { type, epoch, workshop, origin, sequence, rows, at, buffer } = batch;
    this.#guarded("written", () => {
      this.#parts.claim(buffer.byteLength);
      const values = [type, epoch, workshop, origin, sequence, rows, at, new Uint8Array(buffer)];
      this.#parts.wrote(workshop, Number(this.#insert.run(...values).lastInsertRowid));
    });
  }

  /** The epochs from `from` to `to` of which something of these types waits, oldest first. */
  epochs(types: readonly string[], { from = 0, to = Number.MAX_SAFE_INTEGER } = {}): OutboxEpoch[] {
    const rows = this.#guarded("read", () => this.#epochs.all(from, to, JSON.stringify(types)));
    return rows.map(({ epoch, bytes }) => ({ epoch: Number(epoch), bytes: Number(bytes) }));
  }

  /** What waits of an epoch, in the order in which it was put in; each batch is read when it is asked for. */
  *batches(epoch: number, types: readonly string[]): Generator<OutboxBatch> {
    const list = JSON.stringify(types);
    for (let id = 0;;) {
      const row = this.#guarded("read", () => this.#next.get(epoch, id, list));
      if (row === undefined) return;
      id = row.id as number;
      yield batchOf(row);
    }
  }

  /** Forgets what is of these types and of this epoch or an earlier one, in the open transaction if there is one. */
  forget(types: readonly string[], epoch: number): void {
    this.#guarded("emptied", () => this.#forget.run(epoch, JSON.stringify(types)));
  }

  #guarded<T>(done: string, work: () => T): T {
    return guarded({ directory: this.#parts.directory, what: `the outbox can't be ${done}` }, work);
  }
}

/** Made once, and kept with the database. */
function idOf(database: DatabaseSync): string {
  database.prepare("INSERT OR IGNORE INTO meta (name, value) VALUES ('outbox', ?)").run(crypto.randomUUID());
  return String(database.prepare("SELECT value FROM meta WHERE name = 'outbox'").get()?.value);
}

function batchOf(row: Record<string, unknown>): OutboxBatch {
  const { type, epoch, workshop, origin, sequence, rows, at, buffer } = row;
  const bytes = buffer as Uint8Array<ArrayBuffer>;
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return {
    type: type as string,
    epoch: epoch as number,
    workshop: workshop as number,
    origin: origin as string,
    sequence: sequence as number,
    rows: rows as number,
    at: at as number,
    buffer: whole ? bytes.buffer : bytes.slice().buffer, // a reader's columns begin where the buffer begins
  };
}
