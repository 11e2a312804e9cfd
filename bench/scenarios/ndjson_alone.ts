/**
 * What one thread does without a factory: JSON.parse, a Map of means, and as few and large INSERTs as SQLite takes
 * well.
 *
 * @module
 */

import { closeSync, openSync, readSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const READ_BYTES = 1_048_576;

/** Rows of one statement, and statements of one transaction. */
const ROWS = 32;
const STATEMENTS = 1_024;

/** Reads the file into a table `average` of a new database; returns how many rows that were. */
export function readAlone(path: string, database: string): number {
  const db = new DatabaseSync(database);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  db.exec("CREATE TABLE average (device TEXT, at REAL, mean REAL, count INTEGER)");
  const insert = (rows: number) =>
    db.prepare(`INSERT INTO average VALUES ${Array(rows).fill("(?, ?, ?, ?)")}`);
  const many = insert(ROWS);
  const one = insert(1);
  const means = new Map<string, { count: number; mean: number }>();
  let values: (string | number)[] = [];
  let items = 0;
  db.exec("BEGIN");
  for (const line of linesOf(path)) {
    const { device, at, value } = JSON.parse(line);
    let state = means.get(device);
    if (state === undefined) means.set(device, state = { count: 0, mean: 0 });
    state.count++;
    state.mean += (value - state.mean) / state.count;
    values.push(device, at, state.mean, state.count);
    if (++items % ROWS !== 0) continue;
    many.run(...values);
    values = [];
    if (items % (ROWS * STATEMENTS) === 0) db.exec("COMMIT; BEGIN");
  }
  for (let at = 0; at < values.length; at += 4) one.run(...values.slice(at, at + 4));
  db.exec("COMMIT");
  db.close();
  return items;
}

function* linesOf(path: string): Generator<string> {
  const file = openSync(path, "r");
  const bytes = new Uint8Array(READ_BYTES);
  const decoder = new TextDecoder();
  let rest = "";
  for (let length = readSync(file, bytes); length > 0; length = readSync(file, bytes)) {
    const lines = (rest + decoder.decode(bytes.subarray(0, length), { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
  closeSync(file);
}
