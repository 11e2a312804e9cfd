import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { ClosedError, StoreError } from "../../src/core/mod.ts";
import { EPOCHS_KEPT, SLOTS } from "../../src/core/limits.ts";
import { openStore, StateReader } from "../../src/store/mod.ts";
import { DirectoryLock } from "../../src/store/directory_lock.ts";
import { Store } from "../../src/store/store.ts";
import { kill, printed, start } from "./child.ts";
import { READINGS } from "./readings.ts";
import { query, scratch } from "./scratch.ts";

const fresh = scratch();
const open = (directory: string, durability?: "exactly-once" | "none") =>
  openStore({ directory, name: "readings", products: READINGS, durability });
const rows = (count: number, epoch: number) => ({
  products: Array.from({ length: count }, (_, celsius) => ({ device: "a", celsius })),
  keys: Array<string>(count).fill("a"),
  epoch,
  at: 7,
});
const countOf = (directory: string) => query(directory, "SELECT count(*) AS n FROM product_reading")[0].n;

describe("Store", () => {
  it("makes the directory and an empty database", () => {
    const directory = join(fresh(), "deep", "data");
    using store = open(directory);
    assert.deepEqual(store.committed(), { epoch: 0, offsets: {}, slots: SLOTS });
    assert.ok(existsSync(join(directory, "shopfloor.db")));
    assert.deepEqual(query(directory, "PRAGMA journal_mode"), [{ journal_mode: "wal" }]);
  });

  it("commits products, offsets and the epoch together", () => {
    const directory = fresh();
    using store = open(directory);
    const readings = store.inserter("reading");
    store.begin();
    readings.insert(rows(100, 1));
    assert.equal(countOf(directory), 0);
    store.commit({ epoch: 1, at: 5, offsets: { source: { bytes: 8 }, other: null }, materials: 100 });
    assert.equal(countOf(directory), 100);
    assert.deepEqual(store.committed(), {
      epoch: 1,
      offsets: { source: { bytes: 8 }, other: null },
      slots: SLOTS,
    });
    assert.deepEqual(query(directory, "SELECT * FROM epochs"), [{
      epoch: 1,
      committed_at: 5,
      materials: 100,
    }]);
  });

  it("remembers the last commit, and offsets of sources that a later one doesn't name", () => {
    const directory = fresh();
    {
      using store = open(directory);
      store.commit({ epoch: 1, at: 1, offsets: { a: 1, b: 1 } });
      store.commit({ epoch: 4, at: 2, offsets: { a: 2, b: undefined } });
    }
    using store = open(directory);
    assert.deepEqual(store.committed(), { epoch: 4, offsets: { a: 2, b: 1 }, slots: SLOTS });
  });

  it("forgets everything since begin() when it rolls back", () => {
    const directory = fresh();
    using store = open(directory);
    const readings = store.inserter("reading");
    store.begin();
    readings.insert(rows(3, 1));
    store.begin(); // the same transaction
    store.deadLetters.insert({
      key: "a",
      reason: "",
      error: "",
      stack: "",
      attempts: 1,
      material: "",
      at: 1,
      epoch: 1,
    });
    store.rollback();
    store.rollback(); // nothing to undo
    store.commit({ epoch: 1, at: 1 });
    assert.equal(countOf(directory), 0);
    assert.equal(store.deadLetters.count(), 0);
  });

  it("refuses an epoch that isn't greater than the last, and can then commit another", () => {
    const directory = fresh();
    using store = open(directory);
    const readings = store.inserter("reading");
    store.commit({ epoch: 3, at: 1 });
    for (const epoch of [3, 2, 3.5, NaN]) {
      assert.throws(() => store.commit({ epoch, at: 1 }), { code: "STORE_EPOCH" });
    }
    readings.insert(rows(2, 4));
    store.commit({ epoch: 4, at: 1 });
    assert.equal(store.committed().epoch, 4);
    assert.equal(countOf(directory), 2);
  });

  it("keeps the last epochs only", () => {
    const directory = fresh();
    using store = open(directory);
    store.commit({ epoch: 1, at: 1 });
    store.commit({ epoch: EPOCHS_KEPT, at: 2 });
    store.commit({ epoch: EPOCHS_KEPT + 1, at: 3 });
    const epochs = query(directory, "SELECT epoch FROM epochs ORDER BY epoch");
    assert.deepEqual(epochs, [{ epoch: EPOCHS_KEPT }, { epoch: EPOCHS_KEPT + 1 }]);
  });

  it("gives sources nothing to go on from without durability, then or later", () => {
    const directory = fresh();
    {
      using store = open(directory);
      store.commit({ epoch: 1, at: 1, offsets: { source: 100 } });
    }
    {
      using store = open(directory, "none");
      assert.deepEqual(store.committed(), { epoch: 1, offsets: {}, slots: SLOTS });
      store.commit({ epoch: 2, at: 1, offsets: { source: 50 } });
    }
    using store = open(directory);
    assert.deepEqual(store.committed(), { epoch: 2, offsets: {}, slots: SLOTS });
  });

  it("says so when SQLite has given the transaction up, until it is rolled back", () => {
    const directory = fresh();
    open(directory).close();
    const database = new DatabaseSync(join(directory, "shopfloor.db"));
    database.exec("PRAGMA max_page_count = 40"); // a full disk
    const lock = DirectoryLock.take(directory);
    using store = new Store({
      directory,
      database,
      lock,
      products: READINGS,
      slots: SLOTS,
      durability: "exactly-once",
    });
    const readings = store.inserter("reading");
    store.begin();
    readings.insert(rows(10, 1));
    assert.throws(() => readings.insert(rows(100_000, 1)), { code: "STORE_FULL" });
    for (
      const next of [
        () => readings.insert(rows(1, 1)),
        () => store.begin(),
        () => store.commit({ epoch: 1, at: 1 }),
      ]
    ) {
      assert.throws(next, { code: "STORE_ROLLED_BACK" });
    }
    store.rollback();
    readings.insert(rows(2, 1));
    store.commit({ epoch: 1, at: 1 });
    assert.equal(countOf(directory), 2);
  });

  it("can be closed twice, rolls back what is open, and then takes nothing more", () => {
    const directory = fresh();
    const store = open(directory);
    const readings = store.inserter("reading");
    store.begin();
    readings.insert(rows(3, 1));
    store.close();
    store.close();
    for (const next of [() => store.begin(), () => readings.insert(rows(1, 1)), () => store.committed()]) {
      assert.throws(next, ClosedError);
    }
    assert.equal(countOf(directory), 0);
  });

  it("has whole epochs, and nothing else, after a kill -9", async () => {
    const directory = fresh();
    for (const _ of [1, 2, 3]) {
      const child = start("commit_forever", directory);
      await printed(child, "epoch");
      await kill(child);
      using store = open(directory);
      const states = new StateReader(directory);
      const { epoch, offsets } = store.committed();
      assert.ok(epoch > 0);
      assert.deepEqual(offsets, { source: epoch });
      assert.equal(countOf(directory), 10 * epoch);
      assert.equal(states.get("total")?.state, String(epoch));
      states.close();
    }
  });
});

describe("openStore()", () => {
  it("lets one factory at a time into a directory, of this process or another", async () => {
    const directory = fresh();
    const locked = (error: unknown) =>
      error instanceof StoreError && error.code === "STORE_LOCKED" && error.message.includes(directory) &&
      error.message.includes("in use by another factory");
    const store = open(directory);
    assert.throws(() => open(directory), locked);
    assert.throws(() => open(join(directory, "..", ".", directory.split("/").at(-1)!)), StoreError);
    store.close();
    const child = start("hold", directory);
    await printed(child, "open");
    assert.throws(() => open(directory), locked);
    await kill(child);
    open(directory).close();
  });

  it("leaves the lock to nobody when it fails to open", () => {
    const directory = fresh();
    open(directory).close();
    assert.throws(() => openStore({ directory, name: "other" }), { code: "STORE_MISMATCH" });
    open(directory).close();
  });

  it("refuses a directory of another blueprint or number of slots", () => {
    const directory = fresh();
    open(directory).close();
    assert.throws(
      () => openStore({ directory, name: "other" }),
      /made for blueprint readings, not for blueprint other/,
    );
    assert.throws(
      () => openStore({ directory, name: "readings", slots: 64 }),
      /made for 256 slots, not for 64 slots/,
    );
  });

  it("opens what is there without a name, and makes nothing without one", () => {
    const directory = fresh();
    assert.throws(() => openStore({ directory }), { code: "STORE_MISSING" });
    open(directory).close();
    openStore({ directory }).close();
  });

  it("names the directory that can't be made", () => {
    assert.throws(
      () => open("/dev/null/data"),
      (error) =>
        error instanceof StoreError && error.code === "STORE_DENIED" &&
        error.message.includes("/dev/null/data"),
    );
  });
});
