import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openStore, type OutboxBatch, type Store } from "../../src/store/mod.ts";
import { READINGS } from "./readings.ts";
import { query, scratch } from "./scratch.ts";

const fresh = scratch();
const open = (directory: string) => openStore({ directory, name: "readings", products: READINGS });

function batch(epoch: number, rest: Partial<OutboxBatch> = {}): OutboxBatch {
  const buffer = new Uint8Array([1, 2, 3, epoch]).buffer;
  return { type: "a", epoch, workshop: 0, origin: "0-x", sequence: 1, rows: 2, at: 7, buffer, ...rest };
}

/** Puts batches in, and commits their epoch. */
function commit(store: Store, epoch: number, batches: readonly OutboxBatch[]): void {
  const { outbox } = store;
  store.begin();
  for (const each of batches) outbox.put(each);
  store.commit({ epoch, at: 0 });
}

describe("Outbox", () => {
  it("gives batches back as they were, in their order, type by type", () => {
    using store = open(fresh());
    const { outbox } = store;
    const batches = [batch(1), batch(1, { type: "b", sequence: 9 }), batch(1, { sequence: 2, workshop: 3 })];
    commit(store, 1, batches);
    commit(store, 2, [batch(2)]);
    assert.deepEqual([...outbox.batches(1, ["a", "b"])], batches);
    assert.deepEqual([...outbox.batches(1, ["b"])], [batches[1]]);
    assert.deepEqual([...outbox.batches(1, [])], []);
    assert.deepEqual(outbox.epochs(["a", "b"]), [{ epoch: 1, bytes: 12 }, { epoch: 2, bytes: 4 }]);
    assert.deepEqual(outbox.epochs(["b"], { from: 2 }), []);
    assert.deepEqual(outbox.epochs(["a"], { from: 2, to: 2 }), [{ epoch: 2, bytes: 4 }]);
  });

  it("loses with a transaction what was put in and what was forgotten", () => {
    using store = open(fresh());
    commit(store, 1, [batch(1)]);
    store.begin();
    store.outbox.put(batch(2));
    store.outbox.forget(["a"], 1);
    assert.deepEqual(store.outbox.epochs(["a"]).map(({ epoch }) => epoch), [2]);
    store.rollback();
    assert.deepEqual(store.outbox.epochs(["a"]).map(({ epoch }) => epoch), [1]);
  });

  it("forgets up to an epoch, of the types alone that are named", () => {
    using store = open(fresh());
    for (const epoch of [1, 2, 3]) commit(store, epoch, [batch(epoch), batch(epoch, { type: "b" })]);
    store.outbox.forget(["a"], 2);
    assert.deepEqual(store.outbox.epochs(["a"]).map(({ epoch }) => epoch), [3]);
    assert.deepEqual(store.outbox.epochs(["b"]).map(({ epoch }) => epoch), [1, 2, 3]);
  });

  it("takes back what one workshop put in", () => {
    using store = open(fresh());
    void store.outbox;
    store.begin();
    for (const workshop of [0, 1, 0, 1]) store.outbox.put(batch(1, { workshop }));
    store.takeBack(1);
    store.commit({ epoch: 1, at: 0 });
    assert.deepEqual([...store.outbox.batches(1, ["a"])].map(({ workshop }) => workshop), [0, 0]);
  });

  it("has a name that lasts as long as its directory, and differs from all others", () => {
    const directory = fresh();
    const idOf = (place: string) => {
      using store = open(place);
      return store.outbox.id;
    };
    const id = idOf(directory);
    assert.equal(idOf(directory), id);
    assert.notEqual(idOf(fresh()), id);
  });

  it("is there only if somebody has used it, also in a directory that was made before", () => {
    const directory = fresh();
    const tables = () => query(directory, "SELECT name FROM sqlite_schema WHERE name = 'outbox'").length;
    open(directory).close();
    assert.equal(tables(), 0);
    using store = open(directory);
    void store.outbox;
    assert.equal(tables(), 1);
  });
});
