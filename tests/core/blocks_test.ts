import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Block, cutBlocks, dealBlocks, hashKey, placeIn, slotOf } from "../../src/core/mod.ts";
import { CLASSES, MAX_WORKSHOPS, SLOTS } from "../../src/core/limits.ts";

const blocks: fc.Arbitrary<Block[]> = fc
  .array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: CLASSES })
  .map((weights) => {
    const names = weights.map((_, index) => `class ${index}`);
    return cutBlocks(names, Object.fromEntries(weights.map((weight, index) => [names[index], weight])));
  });
const workshops = fc.integer({ min: 1, max: MAX_WORKSHOPS });

/** The workshops of each block. */
function staffOf(table: Uint16Array, given: readonly Block[]): Set<number>[] {
  return given.map(({ first, slots }) => new Set(table.subarray(first, first + slots)));
}

function moved(before: Uint16Array, after: Uint16Array): number[] {
  return [...after.keys()].filter((slot) => before[slot] !== after[slot]);
}

describe("cutBlocks()", () => {
  it("gives every slot to one block, none of which has two slots more than another", () => {
    fc.assert(fc.property(blocks, (given) => {
      let next = 0;
      for (const { first, slots } of given) {
        assert.equal(first, next);
        next += slots;
      }
      assert.equal(next, SLOTS);
      const sizes = given.map(({ slots }) => slots);
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
    }));
  });
});

describe("placeIn()", () => {
  it("puts a hash into the block's slots and changes nothing else of it", () => {
    fc.assert(fc.property(blocks, fc.nat(), fc.string({ unit: "binary" }), (given, index, key) => {
      const block = given[index % given.length];
      const hash = hashKey(key);
      const placed = placeIn(block, hash);
      const slot = slotOf(placed);
      assert.ok(slot >= block.first && slot < block.first + block.slots);
      assert.equal(placed >>> 8, hash >>> 8);
      assert.ok(Number.isInteger(placed) && placed >= 0);
    }));
  });

  it("spreads keys over all slots of the block", () => {
    for (const block of cutBlocks(["a", "b", "c"])) {
      const counts = new Map<number, number>();
      for (let i = 0; i < block.slots * 200; i++) {
        const slot = slotOf(placeIn(block, hashKey(`device-${i}`)));
        counts.set(slot, (counts.get(slot) ?? 0) + 1);
      }
      assert.equal(counts.size, block.slots);
      assert.ok(Math.min(...counts.values()) > 100 && Math.max(...counts.values()) < 400);
    }
  });
});

describe("dealBlocks()", () => {
  it("gives each block workshops of its own if there are enough, and whole blocks to fewer", () => {
    fc.assert(fc.property(blocks, workshops, (given, count) => {
      const staff = staffOf(dealBlocks(given, { workshops: count }), given);
      const all = staff.flatMap((each) => [...each]);
      assert.equal(new Set(all).size, count, "every workshop has something to do");
      if (count >= given.length) assert.equal(all.length, count, "nobody serves two blocks");
      else {
        assert.ok(staff.every(({ size }) => size === 1), "a block stays together");
        const served = Array.from({ length: count }, (_, id) => all.filter((each) => each === id).length);
        assert.ok(Math.max(...served) - Math.min(...served) <= 1);
      }
    }));
  });

  it("gives workshops as the weights say, one at least", () => {
    const given = cutBlocks(["light", "heavy", "middle"], { heavy: 4, middle: 2 });
    const sizes = (count: number) =>
      staffOf(dealBlocks(given, { workshops: count }), given).map(({ size }) => size);
    assert.deepEqual(sizes(3), [1, 1, 1]);
    assert.deepEqual(sizes(4), [1, 2, 1]);
    assert.deepEqual(sizes(7), [1, 4, 2]);
    assert.deepEqual(sizes(14), [2, 8, 4]);
  });

  it("shares a block's slots among its workshops, none with two more than another", () => {
    fc.assert(fc.property(blocks, workshops, fc.array(workshops, { maxLength: 4 }), (given, count, more) => {
      let table = dealBlocks(given, { workshops: count });
      for (const next of more) table = dealBlocks(given, { workshops: next, table });
      for (const { first, slots } of given) {
        const owned = new Map<number, number>();
        for (const owner of table.subarray(first, first + slots)) {
          owned.set(owner, (owned.get(owner) ?? 0) + 1);
        }
        assert.ok(Math.max(...owned.values()) - Math.min(...owned.values()) <= 1);
      }
    }));
  });

  it("one workshop more gets slots of others, and no other slot moves; one less gives its own, and none else", () => {
    fc.assert(
      fc.property(blocks, fc.array(workshops, { minLength: 1, maxLength: 5 }), (given, counts) => {
        let table = dealBlocks(given, { workshops: counts[0] });
        for (const count of counts) {
          table = dealBlocks(given, { workshops: count, table });
          if (count === MAX_WORKSHOPS) continue;
          const more = dealBlocks(given, { workshops: count + 1, table });
          assert.ok(moved(table, more).every((slot) => more[slot] === count));
          const less = dealBlocks(given, { workshops: count, table: more });
          assert.ok(moved(more, less).every((slot) => more[slot] === count));
        }
      }),
    );
  });

  it("moves nothing when nothing changes", () => {
    fc.assert(fc.property(blocks, workshops, workshops, (given, count, before) => {
      const table = dealBlocks(given, {
        workshops: count,
        table: dealBlocks(given, { workshops: before }),
      });
      assert.deepEqual(dealBlocks(given, { workshops: count, table }), table);
    }));
  });
});
