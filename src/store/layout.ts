/**
 * What is in the database, besides a table for each product type.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";

/** "Shop", so that a foreign database is known as one before it is touched. */
export const APPLICATION_ID: number = 0x53686f70;

/** Counts changes of this layout that an older Shopfloor could not live with. */
export const LAYOUT_VERSION: number = 2;

/** Made only where a sink has transactions of its own. */
export const OUTBOX = "outbox";

/** The store's own tables; a product's may not be named like one of them, nor like {@link OUTBOX}. */
export const TABLES: readonly string[] = [
  "meta",
  "worker_state",
  "offsets",
  "epochs",
  "dead_letters",
];

/*
 * worker_state is its own index, by key: written in the order of keys, it takes a third of the time of a table with
 * row ids and an index beside it. It has no index on its slots: it would cost a third of the speed of every commit, and slots are only
 * searched for when workshops open or move.
 */
const WORKER_STATE = `
  CREATE TABLE worker_state (
    key PRIMARY KEY, slot INTEGER NOT NULL, hash INTEGER NOT NULL, version INTEGER NOT NULL, state,
    hired_at INTEGER NOT NULL, renewed_at INTEGER NOT NULL, processed INTEGER NOT NULL, pending TEXT
  ) WITHOUT ROWID;
`;

const SQL = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  ${WORKER_STATE}
  CREATE TABLE offsets (source TEXT PRIMARY KEY, offset TEXT NOT NULL);
  CREATE TABLE epochs (epoch INTEGER PRIMARY KEY, committed_at INTEGER NOT NULL, materials INTEGER);
  CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, key, reason TEXT NOT NULL, error TEXT NOT NULL,
    stack TEXT NOT NULL, attempts INTEGER NOT NULL, material TEXT NOT NULL, epoch INTEGER NOT NULL
  );
`;

/** Makes the tables in an empty database. */
export function layOut(database: DatabaseSync, meta: Readonly<Record<string, string>>): void {
  database.exec(`
    BEGIN;
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${LAYOUT_VERSION};
    ${SQL}
  `);
  const insert = database.prepare("INSERT INTO meta (name, value) VALUES (?, ?)");
  for (const [name, value] of Object.entries(meta)) insert.run(name, value);
  database.exec("COMMIT");
}

/** From each layout to the next. */
const MIGRATIONS: Readonly<Record<number, string>> = {
  1: `
    ALTER TABLE worker_state RENAME TO worker_state_1;
    ${WORKER_STATE}
    INSERT INTO worker_state SELECT * FROM worker_state_1 ORDER BY key;
    DROP TABLE worker_state_1;
  `,
};

/** The oldest layout that {@link migrate} can bring up. */
export const OLDEST_LAYOUT: number = Math.min(LAYOUT_VERSION, ...Object.keys(MIGRATIONS).map(Number));

/** Brings an older layout up to this one, all of it or nothing. */
export function migrate(database: DatabaseSync): void {
  let version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
  if (version === LAYOUT_VERSION) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    for (; version < LAYOUT_VERSION; version++) database.exec(MIGRATIONS[version]);
    database.exec(`PRAGMA user_version = ${LAYOUT_VERSION}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** What was noted when the database was made. */
export function readMeta(database: DatabaseSync): Record<string, string> {
  const rows = database.prepare("SELECT name, value FROM meta").all();
  return Object.fromEntries(rows.map(({ name, value }) => [String(name), String(value)]));
}

/** The store's own tables that are not there. */
export function missingTables(database: DatabaseSync): string[] {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const names = new Set(rows.map(({ name }) => name));
  return TABLES.filter((table) => !names.has(table));
}
