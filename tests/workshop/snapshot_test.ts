import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { snapshot } from "../../src/workshop/snapshot.ts";

/** Whether two values share an object that could change. */
function share(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || a === null) return false;
  if (a === b) return true;
  if (a instanceof Map || a instanceof Set || a instanceof Date || ArrayBuffer.isView(a)) return false;
  return Object.keys(a).some((name) => share(Reflect.get(a, name), Reflect.get(b as object, name)));
}

/** Maps and sets hold plain values only: neither runtime can compare those of objects that equal one another. */
const collection = fc.oneof(
  fc.array(fc.tuple(fc.string(), fc.jsonValue())).map((entries) => new Map(entries)),
  fc.uniqueArray(fc.string()).map((values) => new Set(values)),
);

const plain = fc.anything({
  values: [fc.string(), fc.double(), fc.boolean(), fc.bigInt(), fc.date(), fc.uint8Array(), collection],
  maxDepth: 4,
});

describe("snapshot()", () => {
  it("equals the state, and shares nothing with it that can change", () => {
    fc.assert(
      fc.property(fc.oneof(plain, fc.dictionary(fc.string(), plain, { noNullPrototype: true })), (state) => {
        const copy = snapshot(state);
        assert.deepEqual(copy, state);
        assert.equal(share(copy, state), false);
      }),
      { numRuns: 500 },
    );
  });

  it("stays as it was when the state changes, deep inside too", () => {
    const state = {
      count: 1,
      list: [{ at: 1 }],
      seen: new Set([1]),
      last: new Date(0),
      nested: { map: new Map([["a", 1]]) },
    };
    const copy = snapshot(state);
    state.count++;
    state.list[0].at++;
    state.list.push({ at: 2 });
    state.seen.add(2);
    state.last.setTime(5);
    state.nested.map.set("a", 2);
    assert.deepEqual(copy, {
      count: 1,
      list: [{ at: 1 }],
      seen: new Set([1]),
      last: new Date(0),
      nested: { map: new Map([["a", 1]]) },
    });
  });

  it("takes states that are nested deeply", () => {
    let state: unknown = { end: true };
    for (let depth = 0; depth < 100; depth++) state = depth % 2 ? { next: state } : [state];
    const copy = snapshot(state);
    assert.deepEqual(copy, state);
    assert.equal(share(copy, state), false);
  });

  it("takes states that go round in circles", () => {
    const state: { name: string; self?: unknown; list: unknown[] } = { name: "a", list: [] };
    state.self = state;
    state.list.push(state.list);
    const copy = snapshot(state) as typeof state;
    assert.notEqual(copy, state);
    assert.equal(copy.name, "a");
    assert.equal(copy.self, copy);
    assert.equal(copy.list[0], copy.list);
  });
});
