import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DEAD_LETTERS_PAGE } from "../../src/core/limits.ts";
import { type NewDeadLetter, openStore } from "../../src/store/mod.ts";
import { scratch } from "./scratch.ts";

const fresh = scratch();

function letter(n: number): NewDeadLetter {
  return {
    key: `device\0${n}`,
    reason: "error",
    error: `item ${n} is poison`,
    stack: "Error: …\n  at work",
    attempts: 3,
    material: JSON.stringify({ n }),
    at: 1_700_000_000_000 + n,
    epoch: 5,
  };
}

function filled(count: number) {
  const directory = fresh();
  const store = openStore({ directory, name: "shop" });
  store.begin();
  const ids = Array.from({ length: count }, (_, n) => store.deadLetters.insert(letter(n)));
  store.commit({ epoch: 1, at: 1 });
  return { directory, store, letters: store.deadLetters, ids };
}

describe("DeadLetters", () => {
  it("lists letters page by page, oldest first", () => {
    const { store, letters, ids } = filled(7);
    assert.equal(letters.count(), 7);
    assert.deepEqual(letters.list({ limit: 3 }), [0, 1, 2].map((n) => ({ ...letter(n), id: ids[n] })));
    assert.deepEqual(letters.list({ after: ids[4], limit: 3 }).map(({ id }) => id), ids.slice(5));
    assert.deepEqual(letters.list({ after: ids[6] }), []);
    store.close();
  });

  it("takes letters for one replay at a time", () => {
    const { store, letters, ids } = filled(5);
    assert.deepEqual(letters.take({ limit: 2 }).map(({ id }) => id), ids.slice(0, 2));
    assert.deepEqual(letters.take({ ids: [ids[1], ids[3], 999] }).map(({ id }) => id), [ids[3]]);
    assert.deepEqual(letters.take().map(({ id }) => id), [ids[2], ids[4]]);
    assert.deepEqual(letters.take(), []);
    letters.release([ids[2]]);
    assert.deepEqual(letters.take().map(({ id }) => id), [ids[2]]);
    assert.equal(letters.count(), 5);
    store.close();
  });

  it("takes letters in the order of their arrival, behind an id, but for those that are left out", () => {
    const { store, letters, ids } = filled(6);
    const taken = (selection: Parameters<typeof letters.take>[0]) =>
      letters.take(selection).map(({ id }) => id);
    assert.deepEqual(taken({ ids: [ids[4], ids[0], ids[2]], except: [ids[2]] }), [ids[0], ids[4]]);
    assert.deepEqual(taken({ after: ids[1], except: [ids[3]] }), [ids[2], ids[5]]);
    store.close();
  });

  it("knows letters up to an epoch only, if it is told so", () => {
    const { store, letters, ids } = filled(2); // of epoch 5
    assert.deepEqual(letters.list({ epoch: 4 }), []);
    assert.deepEqual([
      letters.count(4),
      letters.newest(4),
      letters.purge(undefined, 4),
      letters.purge(ids, 4),
    ], [
      0,
      0,
      0,
      0,
    ]);
    assert.deepEqual(letters.take({ epoch: 4 }), []);
    assert.deepEqual([letters.count(5), letters.newest(5), letters.take({ epoch: 5 }).length], [
      2,
      ids[1],
      2,
    ]);
    store.close();
  });

  it("forgets letters whose replay is settled, and has the others again after a restart", () => {
    const { directory, store, letters, ids } = filled(4);
    letters.take();
    letters.settle(ids.slice(0, 3));
    store.close();
    using again = openStore({ directory, name: "shop" });
    assert.deepEqual(again.deadLetters.take().map(({ id }) => id), [ids[3]]);
  });

  it("takes a bounded number of letters at once", () => {
    const { store, letters } = filled(DEAD_LETTERS_PAGE + 10);
    assert.equal(letters.take().length, DEAD_LETTERS_PAGE);
    assert.equal(letters.take({ limit: 1_000_000 }).length, 10);
    store.close();
  });

  it("purges some or all, and never uses an id again", () => {
    const { store, letters, ids } = filled(4);
    assert.equal(letters.purge([ids[1], 999]), 1);
    assert.equal(letters.count(), 3);
    assert.equal(letters.purge(), 3);
    assert.equal(letters.count(), 0);
    assert.ok(letters.insert(letter(9)) > ids[3]);
    store.close();
  });
});
