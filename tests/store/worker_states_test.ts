import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { hashKey, slotOf, StoreError } from "../../src/core/mod.ts";
import { openStore, StateReader, type StoredState } from "../../src/store/mod.ts";
import { scratch } from "./scratch.ts";

const fresh = scratch();

function stateOf(key: string, count: number = 0): StoredState {
  const hash = hashKey(key);
  return {
    key,
    hash,
    slot: slotOf(hash),
    version: 2,
    state: JSON.stringify({ count }),
    hiredAt: 1_700_000_000_000,
    renewedAt: 1_700_000_000_001,
    processed: count,
    pending: null,
  };
}

describe("Store.putStates()", () => {
  it("puts, replaces and deletes states", () => {
    const directory = fresh();
    using store = openStore({ directory, name: "shop" });
    const reader = new StateReader(directory);
    const keys = Array.from({ length: 100 }, (_, n) => `device ${n}`);
    store.begin();
    store.putStates(keys.map((key) => stateOf(key)));
    store.commit({ epoch: 1, at: 1 });
    store.begin();
    store.putStates([stateOf("device 7", 3), {
      ...stateOf("device 8"),
      state: new Uint8Array([1, 2]),
      pending: "[]",
    }]);
    store.deleteStates(["device 9", "nobody"]);
    store.commit({ epoch: 2, at: 1 });
    assert.deepEqual(reader.get("device 6"), stateOf("device 6"));
    assert.deepEqual(reader.get("device 7"), stateOf("device 7", 3));
    assert.deepEqual(reader.get("device 8")?.state, new Uint8Array([1, 2]));
    assert.deepEqual(reader.get("device 8")?.pending, "[]");
    assert.equal(reader.get("device 9"), undefined);
    reader.close();
  });

  it("tells any two keys apart and brings them back", () => {
    const directory = fresh();
    using store = openStore({ directory, name: "shop" });
    const reader = new StateReader(directory);
    const keys = fc.uniqueArray(
      fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
      {
        minLength: 1,
        maxLength: 50,
      },
    );
    const awkward = ["", "a", "a\0", "a\0b", "\ud800", "\ud801", "\ufffd", "é", "e\u0301", "A"];
    let epoch = 0;
    fc.assert(
      fc.property(fc.oneof(fc.constant(awkward), keys), (keys) => {
        store.begin();
        store.deleteStates(
          [...reader.ofSlots(Array.from({ length: 256 }, (_, slot) => slot))].map(({ key }) => key),
        );
        store.putStates(keys.map((key, count) => stateOf(key, count)));
        store.commit({ epoch: ++epoch, at: 1 });
        keys.forEach((key, count) => assert.deepEqual(reader.get(key), stateOf(key, count)));
      }),
      { numRuns: 30 },
    );
    reader.close();
  });
});

describe("StateReader", () => {
  it("brings the states of whole slots, however many", () => {
    const directory = fresh();
    using store = openStore({ directory, name: "shop" });
    const states = Array.from({ length: 5_000 }, (_, n) => stateOf(`device ${n}`, n));
    store.putStates(states);
    const reader = new StateReader(directory);
    const slots = new Set([0, 3, 100, 101, 102, 255]);
    const found = [...reader.ofSlots(slots)].map(({ key }) => key).toSorted();
    assert.deepEqual(found, states.filter(({ slot }) => slots.has(slot)).map(({ key }) => key).toSorted());
    assert.deepEqual([...reader.ofSlots([])], []);
    assert.equal([...reader.ofSlots(Array.from({ length: 256 }, (_, slot) => slot))].length, 5_000);
    reader.close();
    reader.close();
  });

  it("finds the workers that still had something to do", () => {
    const directory = fresh();
    using store = openStore({ directory, name: "shop" });
    store.putStates([stateOf("a"), { ...stateOf("b"), pending: "[1]" }, { ...stateOf("c"), pending: "[2]" }]);
    const reader = new StateReader(directory);
    const slots = [stateOf("a").slot, stateOf("b").slot];
    assert.deepEqual([...reader.unfinished(slots)], [{ ...stateOf("b"), pending: "[1]" }]);
    reader.close();
  });

  it("sees nothing of a transaction under way", () => {
    const directory = fresh();
    using store = openStore({ directory, name: "shop" });
    const reader = new StateReader(directory);
    store.begin();
    store.putStates([stateOf("a")]);
    assert.equal(reader.get("a"), undefined);
    store.commit({ epoch: 1, at: 1 });
    assert.deepEqual(reader.get("a"), stateOf("a"));
    reader.close();
  });

  it("refuses a directory without a store", () => {
    assert.throws(() => new StateReader(fresh()), StoreError);
  });
});
