/**
 * The inbox's file: whether it is one and whole, and how a new one comes to be.
 *
 * @module
 */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../core/mod.ts";
import { STORE_BUSY_MS, STORE_LOG_BYTES } from "../core/limits.ts";
import { guarded } from "../store/mod.ts";

/** Its name in the data directory. */
export const INBOX: string = "inbox.db";

/** "Shin", so that a foreign database is known as one before it is touched. */
const APPLICATION_ID = 0x5368696e;

/** Counts changes of the tables that an older Shopfloor could not live with. */
const LAYOUT_VERSION = 1;

/*
 * Ids are never used again: the position that a commit has noted must not come to mean other rows.
 */
const SQL = `
  CREATE TABLE pushed (
    id INTEGER PRIMARY KEY AUTOINCREMENT, rows INTEGER NOT NULL, batch BLOB NOT NULL, letters TEXT
  );
  CREATE TABLE requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, outcome TEXT NOT NULL,
    at INTEGER NOT NULL, last INTEGER NOT NULL
  );
`;

/**
 * Opens the inbox of a data directory that somebody holds, and makes it if there is none.
 *
 * It is in WAL mode with `synchronous = NORMAL`, as the store is, and for the same price: a process that is killed
 * loses nothing that was appended, a power loss may take the last moments.
 *
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION` or `STORE_DAMAGED`: the file is left as it is
 */
export function openInboxFile(directory: string): DatabaseSync {
  return guarded({ directory, what: `${INBOX} can't be opened` }, () => {
    const database = new DatabaseSync(join(directory, INBOX));
    try {
      if (!isOurs(database, directory)) layOut(database);
      database.exec(`
        PRAGMA busy_timeout = ${STORE_BUSY_MS};
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA journal_size_limit = ${STORE_LOG_BYTES};
      `);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** False for a new file. */
function isOurs(database: DatabaseSync, directory: string): boolean {
  const number = (name: string) => Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
  const refuse = (code: string, what: string) => {
    const path = join(directory, INBOX);
    throw new StoreError(`store: ${path} ${what}. It is left as it is`, { code, fields: { path } });
  };
  const tables = database.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.n;
  const [id, version] = [number("application_id"), number("user_version")];
  if (id === 0 && tables === 0) return false;
  if (id !== APPLICATION_ID) refuse("STORE_FOREIGN", "is a database of another program");
  if (version !== LAYOUT_VERSION) {
    refuse("STORE_VERSION", `has layout ${version}, and this Shopfloor knows layout ${LAYOUT_VERSION}`);
  }
  const verdict = database.prepare("PRAGMA quick_check(1)").get()?.quick_check;
  if (verdict !== "ok") refuse("STORE_DAMAGED", `is damaged: ${verdict}`);
  return true;
}

function layOut(database: DatabaseSync): void {
  database.exec(`
    BEGIN;
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${LAYOUT_VERSION};
    ${SQL}
    COMMIT;
  `);
}
