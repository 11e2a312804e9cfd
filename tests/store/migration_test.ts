import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { APPLICATION_ID, LAYOUT_VERSION } from "../../src/store/layout.ts";
import { openStore, StateReader } from "../../src/store/mod.ts";

/** What layout 1 was: worker_state had row ids, and an index beside it. */
const LAYOUT_1 = `
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = 1;
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE worker_state (
    key PRIMARY KEY, slot INTEGER NOT NULL, hash INTEGER NOT NULL, version INTEGER NOT NULL, state,
    hired_at INTEGER NOT NULL, renewed_at INTEGER NOT NULL, processed INTEGER NOT NULL, pending TEXT
  );
  CREATE TABLE offsets (source TEXT PRIMARY KEY, offset TEXT NOT NULL);
  CREATE TABLE epochs (epoch INTEGER PRIMARY KEY, committed_at INTEGER NOT NULL, materials INTEGER);
  CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, key, reason TEXT NOT NULL, error TEXT NOT NULL,
    stack TEXT NOT NULL, attempts INTEGER NOT NULL, material TEXT NOT NULL, epoch INTEGER NOT NULL
  );
  INSERT INTO meta VALUES ('blueprint', 'old'), ('slots', '256');
  INSERT INTO epochs VALUES (7, 1, NULL);
  INSERT INTO offsets VALUES ('numbers', '{"offset":5}');
`;

const KEYS = [
  "b",
  "a",
  "ключ",
  "\ud800 alone",
  "a\u0000b",
  ...Array.from({ length: 2_500 }, (_, n) => `key ${n}`),
];

function sqlKey(key: string): string | Uint8Array {
  if (key.isWellFormed()) return key;
  return new Uint8Array(Uint16Array.from(key, (_, unit) => key.charCodeAt(unit)).buffer);
}

describe("a store of an older layout", () => {
  it("is brought up when it is opened, with all that it has", () => {
    const directory = mkdtempSync(join(tmpdir(), "shopfloor-layout-"));
    try {
      const old = new DatabaseSync(join(directory, "shopfloor.db"));
      old.exec(LAYOUT_1);
      const insert = old.prepare("INSERT INTO worker_state VALUES (?, 3, 1, 1, ?, 1, 2, 3, NULL)");
      old.exec("BEGIN");
      for (const key of KEYS) insert.run(sqlKey(key), JSON.stringify(key));
      old.exec("COMMIT");
      old.close();
      for (let opening = 0; opening < 2; opening++) { // the second finds nothing to do
        using store = openStore({ directory, name: "old" });
        const { epoch, offsets } = store.committed();
        assert.equal(epoch, 7);
        assert.deepEqual(offsets, { numbers: { offset: 5 } });
        const reader = new StateReader(directory);
        for (const key of KEYS) assert.equal(reader.get(key)?.state, JSON.stringify(key));
        const all = [...reader.ofSlots([3])].map(({ key }) => key);
        assert.deepEqual(all.toSorted(), KEYS.toSorted());
        reader.close();
      }
      const now = new DatabaseSync(join(directory, "shopfloor.db"), { readOnly: true });
      assert.equal(now.prepare("PRAGMA user_version").get()?.user_version, LAYOUT_VERSION);
      const tables = now.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'worker%'").all();
      now.close();
      assert.deepEqual(tables.map(({ name }) => name), ["worker_state"]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
