/**
 * The database's file: whether it is the store's and whole, and how a new one comes to be.
 *
 * @module
 */

import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../core/mod.ts";
import { STORE_CHECK_BYTES } from "../core/limits.ts";
import { guarded } from "./failure.ts";
import { APPLICATION_ID, layOut, LAYOUT_VERSION, missingTables, OLDEST_LAYOUT, readMeta } from "./layout.ts";

/** Its name in the data directory. */
export const DATABASE: string = "shopfloor.db";

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;

/**
 * Looks at the database without changing it. Returns what was noted when it was made, or undefined if there is none.
 *
 * Files up to 256 MiB are checked page by page; of larger ones the header, the length and the tables.
 *
 * @throws {StoreError} `STORE_FOREIGN`, `STORE_VERSION` or `STORE_DAMAGED`
 */
export function inspectDatabase(directory: string): Record<string, string> | undefined {
  const path = join(directory, DATABASE);
  return guarded({ directory, what: `${DATABASE} can't be read` }, () => {
    if (!existsSync(path)) {
      if (logged(path)) {
        throw refusal(path, "STORE_DAMAGED", "is missing, while its write-ahead log is there");
      }
      return undefined;
    }
    const { size } = statSync(path);
    checkHeader(path, size);
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      checkContent(path, { database, size });
      return readMeta(database);
    } finally {
      database.close();
    }
  });
}

/** Makes the database under another name and gives it its own when it is complete: half of one is never seen. */
export function createDatabase(directory: string, meta: Readonly<Record<string, string>>): void {
  const path = join(directory, DATABASE);
  const draft = `${path}.new`;
  guarded({ directory, what: `${DATABASE} can't be made` }, () => {
    for (const left of [draft, `${draft}-journal`]) rmSync(left, { force: true });
    const database = new DatabaseSync(draft);
    try {
      layOut(database, meta);
    } finally {
      database.close();
    }
    renameSync(draft, path);
  });
}

/** The fields of the header are named in https://sqlite.org/fileformat2.html#the_database_header */
function checkHeader(path: string, size: number): void {
  const bytes = new Uint8Array(HEADER_BYTES);
  const file = openSync(path, "r");
  const read = readSync(file, bytes, 0, HEADER_BYTES, 0);
  closeSync(file);
  const header = new DataView(bytes.buffer);
  if (read < HEADER_BYTES || new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw refusal(path, "STORE_DAMAGED", size === 0 ? "is empty" : "is no SQLite database");
  }
  if (header.getUint32(68) !== APPLICATION_ID) {
    throw refusal(path, "STORE_FOREIGN", "is a database of another program");
  }
  const version = header.getUint32(60);
  if (version < OLDEST_LAYOUT || version > LAYOUT_VERSION) {
    throw refusal(
      path,
      "STORE_VERSION",
      `has layout ${version}, and this Shopfloor knows layouts ${OLDEST_LAYOUT} to ${LAYOUT_VERSION}`,
    );
  }
  const pages = header.getUint32(24) === header.getUint32(92) ? header.getUint32(28) : 0;
  const pageBytes = header.getUint16(16) === 1 ? 65_536 : header.getUint16(16);
  if (!logged(path) && size < pages * pageBytes) { // with a log, the log may have the missing pages
    throw refusal(
      path,
      "STORE_DAMAGED",
      `has been cut short: ${size} of ${pages * pageBytes} bytes are there`,
    );
  }
}

function checkContent(path: string, { database, size }: { database: DatabaseSync; size: number }): void {
  if (size <= STORE_CHECK_BYTES) {
    const [{ quick_check: verdict }] = database.prepare("PRAGMA quick_check(1)").all();
    if (verdict !== "ok") throw refusal(path, "STORE_DAMAGED", `is damaged: ${verdict}`);
  }
  const missing = missingTables(database);
  if (missing.length > 0) throw refusal(path, "STORE_DAMAGED", `has lost its tables ${missing.join(", ")}`);
}

/** Whether a write-ahead log was left behind, as by a process that was killed. */
function logged(path: string): boolean {
  return existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0;
}

function refusal(path: string, code: string, what: string): StoreError {
  return new StoreError(`store: ${path} ${what}. It is left as it is`, { code, fields: { path } });
}
