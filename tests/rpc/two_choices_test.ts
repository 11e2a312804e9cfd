import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { twoChoices } from "../../src/rpc/two_choices.ts";
import { slowStartShare } from "../../src/rpc/slow_start.ts";
import { Latency } from "../../src/rpc/latency.ts";
import { randomFrom } from "../../src/testing/mod.ts";

describe("two choices", () => {
  it("never pick the most expensive of several, and nobody else than a candidate", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 20 }), fc.nat(), (costs, seed) => {
        const picked = twoChoices(costs, { cost: (cost) => cost, random: randomFrom(seed) });
        assert.ok(costs.includes(picked!));
        assert.notEqual(picked, Math.max(...costs));
      }),
    );
  });

  it("pick the only one there is, and none of none", () => {
    const how = { cost: () => 1, random: () => 0.5 };
    assert.equal(twoChoices(["a"], how), "a");
    assert.equal(twoChoices([], how), undefined);
  });

  it("spread calls evenly: nobody has many more than the mean", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 30 }), (seed, count) => {
        const loads: { calls: number }[] = Array.from({ length: count }, () => ({ calls: 0 }));
        const random = randomFrom(seed);
        for (let i = 0; i < count * 100; i++) {
          twoChoices(loads, { cost: ({ calls }) => calls, random })!.calls++;
        }
        assert.ok(Math.max(...loads.map(({ calls }) => calls)) <= 110);
      }),
      { numRuns: 30 },
    );
  });
});

describe("slow start", () => {
  it("grows from a tenth to all, and never shrinks", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 20_000 }), fc.nat(1_000), (ms, more) => {
      const share = slowStartShare(ms);
      assert.ok(share >= 0.1 && share <= 1);
      assert.ok(slowStartShare(ms + more) >= share);
    }));
    assert.equal(slowStartShare(0), 0.1);
    assert.equal(slowStartShare(5_000), 1);
    assert.equal(slowStartShare(Infinity), 1);
  });
});

describe("an endpoint's latency", () => {
  it("stays within what was measured, and fades while nothing is heard", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1 }),
        fc.nat(60_000),
        (rtts, quietMs) => {
          const latency = new Latency();
          for (const [now, rtt] of rtts.entries()) latency.update(rtt, now);
          const last = rtts.length - 1;
          const value = latency.at(last)!;
          assert.ok(value >= Math.min(...rtts) - 1e-9 && value <= Math.max(...rtts) + 1e-9);
          assert.ok(latency.at(last + quietMs)! <= value);
        },
      ),
    );
    assert.equal(new Latency().at(0), undefined);
  });
});
