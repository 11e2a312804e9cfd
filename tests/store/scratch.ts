import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after } from "node:test";

/** Makes directories that are gone when the tests of the file are done. */
export function scratch(): () => string {
  const root = mkdtempSync(join(tmpdir(), "shopfloor-store-"));
  after(() => rmSync(root, { recursive: true, force: true }));
  return () => mkdtempSync(join(root, "data-"));
}

/** What any SQLite tool would see. */
export function query(directory: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(directory, "shopfloor.db"), { readOnly: true });
  try {
    return database.prepare(sql).all().map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}
