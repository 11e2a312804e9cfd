import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { RestartPolicy } from "../../src/headquarters/restart_policy.ts";

const LIMITS = {
  minMs: 50,
  maxMs: 1_000,
  factor: 2,
  jitter: 0,
  resetMs: 10_000,
  restarts: 5,
  windowMs: 60_000,
};

describe("RestartPolicy", () => {
  it("waits ever longer, up to a maximum, for each department by itself", () => {
    const policy = new RestartPolicy({ ...LIMITS, restarts: 9 }, () => 0);
    const waits = Array.from({ length: 7 }, (_, second) => policy.next("workshop 0", second * 1_000));
    assert.deepEqual(waits, [50, 100, 200, 400, 800, 1_000, 1_000]);
    assert.equal(policy.next("workshop 1", 7_000), 50);
  });

  it("begins anew after a quiet time", () => {
    const policy = new RestartPolicy(LIMITS, () => 0);
    assert.equal(policy.next("transport", 0), 50);
    assert.equal(policy.next("transport", 1_000), 100);
    assert.equal(policy.next("transport", 11_000), 50);
  });

  it("gives up when there have been too many in the time, and only then", () => {
    const policy = new RestartPolicy(LIMITS, () => 0);
    for (let restart = 0; restart < 5; restart++) {
      assert.ok(policy.next("workshop 0", restart * 10_000) !== undefined);
    }
    assert.equal(policy.next("workshop 0", 50_000), undefined);
    assert.ok(policy.next("workshop 0", 60_001) !== undefined, "the first is long ago by now");
  });

  it("lets chance take its share of each wait, and never makes it longer", () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 4 }), (chance, count) => {
      const policy = new RestartPolicy({ ...LIMITS, jitter: 0.2 }, () => chance);
      let wait: number | undefined;
      for (let restart = 0; restart <= count; restart++) wait = policy.next("procurement", restart);
      const full = Math.min(LIMITS.maxMs, LIMITS.minMs * 2 ** count);
      assert.ok(wait! <= full && wait! >= full * 0.8 - 1e-9);
    }));
  });
});
