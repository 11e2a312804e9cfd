import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HotKeys } from "../../src/metrics/mod.ts";

/** Shows keys in batches of `rows`. */
function show(hotKeys: HotKeys, keys: readonly string[], rows: number = 500): void {
  for (let from = 0; from < keys.length; from += rows) {
    const batch = keys.slice(from, from + rows);
    hotKeys.sample({ key: (row) => batch[row] }, batch.length);
  }
}

/** A stream in which `hot` has a share, and thousands of others have the rest. */
function stream(share: number, { items, random }: { items: number; random: () => number }): string[] {
  return Array.from(
    { length: items },
    () => random() < share ? "hot" : `cold ${Math.floor(random() * 5_000)}`,
  );
}

/** Numerical Recipes' generator: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

describe("HotKeys", () => {
  it("hottest() names a key with more than half of the items, and its share, whatever the batches", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 0.5, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 3_000 }),
        (seed, share, rows) => {
          const hotKeys = new HotKeys();
          show(hotKeys, stream(share, { items: 20_000, random: randomFrom(seed) }), rows);
          const found = hotKeys.hottest();
          assert.equal(found?.key, "hot");
          assert.ok(Math.abs(found.share - share) < 0.2, `${found.share} instead of ${share}`);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("hottest() finds no key hot when none is", () => {
    const hotKeys = new HotKeys();
    show(hotKeys, stream(0, { items: 100_000, random: randomFrom(1) }));
    assert.ok((hotKeys.hottest()?.share ?? 0) < 0.1);
  });

  it("hottest() says nothing before it has seen enough", () => {
    const hotKeys = new HotKeys();
    assert.equal(hotKeys.hottest(), null);
    show(hotKeys, new Array(1_000).fill("hot"));
    assert.equal(hotKeys.hottest(), null);
    show(hotKeys, new Array(1_000).fill("hot"));
    assert.deepEqual(hotKeys.hottest(), { key: "hot", share: 1 });
  });

  it("hottest() forgets what was hot long ago", () => {
    const hotKeys = new HotKeys();
    show(hotKeys, new Array(50_000).fill("before"));
    show(hotKeys, new Array(50_000).fill("now"));
    const { key, share } = hotKeys.hottest()!;
    assert.equal(key, "now");
    assert.ok(share > 0.9);
  });

  it("sample() looks at one row of many", () => {
    let looks = 0;
    const hotKeys = new HotKeys();
    const batch = { key: (row: number) => `${row} ${++looks}` };
    for (let i = 0; i < 100; i++) hotKeys.sample(batch, 310);
    assert.equal(looks, 1_000);
  });
});
