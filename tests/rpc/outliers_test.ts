import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Conduct, outliers } from "../../src/rpc/outliers.ts";

const good: Conduct = { calls: 100, failures: 1, ejected: false };
const bad: Conduct = { calls: 100, failures: 40, ejected: false };
const worse: Conduct = { calls: 100, failures: 60, ejected: false };

describe("outliers", () => {
  it("are those that fail a fifth more of their calls than the others", () => {
    assert.deepEqual(outliers([good, bad, good]), [1]);
    assert.deepEqual(outliers([good, bad]), [1]);
    assert.deepEqual(outliers([good, bad, good, worse, good]), [3, 1]);
    assert.deepEqual(outliers([good, good, good]), []);
  });

  it("are none when all are alike, however bad", () => {
    assert.deepEqual(outliers([worse, worse, worse]), []);
  });

  it("are not judged by a few calls", () => {
    assert.deepEqual(outliers([good, { calls: 10, failures: 10, ejected: false }, good]), []);
  });

  it("are never more than half, those that are out already among them", () => {
    const conduct = fc.record({
      calls: fc.integer({ min: 0, max: 200 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      ejected: fc.boolean(),
    }).map(({ calls, share, ejected }) => ({ calls, failures: Math.floor(calls * share), ejected }));
    fc.assert(fc.property(fc.array(conduct, { maxLength: 20 }), (conducts) => {
      const found = outliers(conducts);
      const before = conducts.filter(({ ejected }) => ejected).length;
      assert.ok(found.length === 0 || found.length + before <= conducts.length / 2);
      assert.equal(new Set(found).size, found.length);
      for (const index of found) assert.equal(conducts[index].ejected, false);
    }));
  });
});
