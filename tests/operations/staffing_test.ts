import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Load, Staffer } from "../../src/operations/staffing.ts";

function load(size: number, busy: number, { high = false, rate = 1_000 * size } = {}): Load {
  const lines = Array.from({ length: size }, () => ({ backPressure: high ? "high" : "ok" }));
  const workshops = Array.from({ length: size }, () => ({ busy }));
  return { lines, workshops, itemsPerSecond: rate } as unknown as Load;
}

function rounds(staffer: Staffer, count: number, given: Load) {
  let last = staffer.judge(given);
  for (let round = 1; round < count; round++) last = staffer.judge(given);
  return last;
}

describe("a staffer", () => {
  it("hires one more when all have been full and lines have pushed back for ten seconds", () => {
    const staffer = new Staffer({ min: 1, max: 4 });
    assert.equal(rounds(staffer, 9, load(2, 0.95, { high: true })).workshops, 2);
    const { workshops, reason } = staffer.judge(load(2, 0.95, { high: true }));
    assert.equal(workshops, 3);
    assert.match(reason, /one more workshop: 2 have been busy 95 %/);
  });

  it("hires nobody for a burst, without back-pressure, or beyond its bounds", () => {
    const staffer = new Staffer({ min: 1, max: 2 });
    for (let round = 0; round < 100; round++) {
      assert.equal(staffer.judge(load(2, 0.95, { high: round % 9 !== 0 })).workshops, 2);
    }
    assert.equal(rounds(staffer, 100, load(2, 1)).workshops, 2);
    assert.equal(rounds(staffer, 100, load(2, 1, { high: true })).workshops, 2);
  });

  it("lets one go that has brought nothing, and tries it again only much later", () => {
    const staffer = new Staffer({ min: 1, max: 4 });
    const full = { high: true, rate: 2_000 };
    assert.equal(rounds(staffer, 10, load(2, 0.95, full)).workshops, 3);
    assert.equal(rounds(staffer, 9, load(3, 0.95, full)).workshops, 3);
    const { workshops, reason } = staffer.judge(load(3, 0.95, full));
    assert.equal(workshops, 2);
    assert.match(reason, /with it 2000 items a second were served, without it/);
    assert.equal(rounds(staffer, 500, load(2, 0.95, full)).workshops, 2);
    assert.equal(rounds(staffer, 200, load(2, 0.95, full)).workshops, 3);
  });

  it("keeps one that has brought something", () => {
    const staffer = new Staffer({ min: 1, max: 3 });
    rounds(staffer, 10, load(2, 0.95, { high: true, rate: 2_000 }));
    assert.equal(rounds(staffer, 50, load(3, 0.95, { high: true, rate: 2_900 })).workshops, 3);
  });

  it("lets one go when the others could have done its work for a minute", () => {
    const staffer = new Staffer({ min: 1, max: 3 });
    assert.equal(rounds(staffer, 59, load(3, 0.2)).workshops, 3);
    assert.equal(staffer.judge(load(3, 0.2)).workshops, 2);
    assert.equal(rounds(new Staffer({ min: 3, max: 3 }), 100, load(3, 0)).workshops, 3);
  });

  it("never leaves its bounds, and never moves more than one", () => {
    const seen = fc.record({
      busy: fc.double({ min: 0, max: 1, noNaN: true }),
      high: fc.boolean(),
      rounds: fc.nat(80),
    });
    fc.assert(fc.property(fc.array(seen, { maxLength: 40 }), (steps) => {
      const staffer = new Staffer({ min: 2, max: 5 });
      let size = 3;
      for (const { busy, high, rounds: count } of steps) {
        for (let round = 0; round < count; round++) {
          const { workshops, reason } = staffer.judge(load(size, busy, { high }));
          assert.ok(workshops >= 2 && workshops <= 5 && Math.abs(workshops - size) <= 1);
          assert.notEqual(reason, "");
          size = workshops;
        }
      }
    }));
  });
});
