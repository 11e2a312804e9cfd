/**
 * The crew's writer: one transaction for each message of rows.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import type { Rows } from "./crew_worker.ts";

/** What the writer is told: to begin, or to close when it has the rows of so many businesses. */
export type WriterTask =
  | { readonly kind: "begin"; readonly database: string; readonly ports: readonly MessagePort[] }
  | { readonly kind: "end"; readonly businesses: number };

// A Web Worker's own scope, which the types of a page don't know.
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<WriterTask>) => void;
  postMessage(message: unknown): void;
};

let database: DatabaseSync;
let written = 0;
let wanted = Infinity;

scope.onmessage = ({ data: task }) => {
  if (task.kind === "begin") begin(task);
  else wanted = task.businesses;
  closeIfDone();
};
scope.postMessage("ready");

function begin({ database: path, ports }: WriterTask & { kind: "begin" }): void {
  database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  database.exec("CREATE TABLE result (bid INTEGER, sensor INTEGER, val REAL, ms REAL, _at INTEGER)");
  const insert = database.prepare("INSERT INTO result VALUES (?, ?, ?, ?, ?)");
  for (const port of ports) {
    port.onmessage = ({ data: { at, rows } }: MessageEvent<Rows>) => {
      database.exec("BEGIN");
      for (const { bid, sensor, val, ms } of rows) insert.run(bid, sensor, val, ms, at);
      database.exec("COMMIT");
      written += rows.length;
      closeIfDone();
    };
  }
}

function closeIfDone(): void {
  if (written < wanted) return;
  wanted = Infinity;
  database.close();
  scope.postMessage("closed");
}
