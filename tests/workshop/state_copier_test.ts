import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { snapshot } from "../../src/workshop/snapshot.ts";
import { StateCopier } from "../../src/workshop/state_copier.ts";

const flat = fc.dictionary(
  fc.constantFrom("a", "b", "constructor", "__proto__", "1", 'quo"te'),
  fc.jsonValue(),
  {
    noNullPrototype: true,
  },
);
const state = fc.oneof(
  { weight: 4, arbitrary: fc.record({ count: fc.nat(), mean: fc.double() }, { noNullPrototype: true }) },
  { weight: 2, arbitrary: flat },
  { weight: 1, arbitrary: fc.anything({ values: [fc.string(), fc.integer(), fc.date()], maxDepth: 2 }) },
);

describe("StateCopier.copy()", () => {
  it("is the snapshot of whatever state comes, whatever states came before", () => {
    fc.assert(
      fc.property(fc.array(state, { maxLength: 40 }), (states) => {
        const copier = new StateCopier();
        for (const state of states) assert.deepEqual(copier.copy(state), snapshot(state));
      }),
      { numRuns: 300 },
    );
  });

  it("is another object, so that what the turn does to the state doesn't reach it", () => {
    const copier = new StateCopier();
    for (let turn = 0; turn < 3; turn++) {
      const state = { count: turn, mean: 0.5 };
      const copy = copier.copy(state);
      state.count = -1;
      assert.deepEqual(copy, { count: turn, mean: 0.5 });
    }
  });

  it("copies what is inside a field that held none at first", () => {
    const copier = new StateCopier();
    copier.copy({ count: 0, last: null });
    const state = { count: 1, last: { at: 1 } };
    const copy = copier.copy(state);
    state.last.at = 2;
    assert.deepEqual(copy, { count: 1, last: { at: 1 } });
  });

  it("keeps fields that were added later, in another order, or left out", () => {
    const copier = new StateCopier();
    copier.copy({ a: 1, b: 2 });
    for (const state of [{ a: 1, b: 2, c: 3 }, { b: 2, a: 1 }, { a: 1 }, {}]) {
      assert.equal(JSON.stringify(copier.copy(state)), JSON.stringify(state));
    }
  });

  it("refuses what is no plain data", () => {
    const copier = new StateCopier();
    copier.copy({ a: 1 });
    assert.throws(() => copier.copy({ a: Promise.resolve() }));
  });
});
