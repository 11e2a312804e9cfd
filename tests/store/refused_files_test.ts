import assert from "node:assert/strict";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { StoreError } from "../../src/core/mod.ts";
import { openStore } from "../../src/store/mod.ts";
import { kill, printed, start } from "./child.ts";
import { READINGS } from "./readings.ts";
import { scratch } from "./scratch.ts";

const fresh = scratch();
const open = (directory: string) => openStore({ directory, name: "readings", products: READINGS });

/** A directory with a store that has some thousand rows. */
function filled(): { directory: string; path: string } {
  const directory = fresh();
  using store = open(directory);
  store.begin();
  const products = Array.from({ length: 5_000 }, (_, n) => ({ device: `device ${n}`, celsius: n }));
  store.inserter("reading").insert({ products, keys: products.map(({ device }) => device), epoch: 1, at: 1 });
  store.commit({ epoch: 1, at: 1 });
  return { directory, path: join(directory, "shopfloor.db") };
}

function refuses({ directory, path }: { directory: string; path: string }, code: string): void {
  const before = readFileSync(path);
  for (const _ of ["once", "and again"]) {
    assert.throws(
      () => open(directory),
      (error) => error instanceof StoreError && error.code === code && error.message.includes(directory),
    );
  }
  assert.ok(before.equals(readFileSync(path)), "the file was changed");
}

function patch(path: string, at: number, bytes: Uint8Array): void {
  const content = readFileSync(path);
  content.set(bytes, at);
  writeFileSync(path, content);
}

describe("openStore() leaves as it is and refuses", () => {
  it("a file that is no database", () => {
    const file = filled();
    writeFileSync(file.path, "dear diary\n".repeat(1_000));
    refuses(file, "STORE_DAMAGED");
  });

  it("an empty file", () => {
    const file = filled();
    truncateSync(file.path, 0);
    refuses(file, "STORE_DAMAGED");
  });

  it("a database of another program", () => {
    const directory = fresh();
    const path = join(directory, "shopfloor.db");
    const database = new DatabaseSync(path);
    database.exec("PRAGMA journal_mode = WAL; CREATE TABLE recipes (name TEXT)");
    database.close();
    refuses({ directory, path }, "STORE_FOREIGN");
  });

  it("a store of a newer Shopfloor", () => {
    const file = filled();
    patch(file.path, 60, new Uint8Array([0, 0, 0, 99])); // user_version
    refuses(file, "STORE_VERSION");
  });

  it("a store that has been cut short", () => {
    const file = filled();
    truncateSync(file.path, 40_960);
    refuses(file, "STORE_DAMAGED");
  });

  it("a store with broken pages", () => {
    const file = filled();
    patch(file.path, 4_096 * 20, new Uint8Array(4_096).fill(0xee));
    refuses(file, "STORE_DAMAGED");
  });

  it("a store that has lost one of its tables", () => {
    const file = filled();
    const database = new DatabaseSync(file.path);
    database.exec("DROP TABLE offsets; PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
    refuses(file, "STORE_DAMAGED");
  });

  it("a damaged store with a write-ahead log that was left behind", async () => {
    const directory = fresh();
    const path = join(directory, "shopfloor.db");
    const child = start("commit_forever", directory);
    await printed(child, "epoch 100");
    await kill(child);
    patch(path, 0, new TextEncoder().encode("damaged!"));
    const log = readFileSync(`${path}-wal`);
    refuses({ directory, path }, "STORE_DAMAGED");
    assert.ok(log.equals(readFileSync(`${path}-wal`)));
  });

  it("a write-ahead log without its database", async () => {
    const directory = fresh();
    const child = start("commit_forever", directory);
    await printed(child, "epoch 100");
    await kill(child);
    rmSync(join(directory, "shopfloor.db"));
    assert.throws(() => open(directory), { code: "STORE_DAMAGED" });
  });
});

describe("openStore() takes", () => {
  it("a store that was left half made", () => {
    const directory = fresh();
    writeFileSync(join(directory, "shopfloor.db.new"), "half of a data");
    open(directory).close();
    open(directory).close();
  });
});
