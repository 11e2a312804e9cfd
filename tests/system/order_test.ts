import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { openFactory } from "../../mod.ts";
import type { Order } from "./blueprints/ordered.ts";

const BLUEPRINT = new URL("./blueprints/ordered.ts", import.meta.url);

/** Runs the factory to its end; answers what came out, in the order in which it did. */
async function run(
  order: Omit<Order, "path">,
  workshops: number,
): Promise<{ key: string; nth: number; counted: number }[]> {
  const directory = mkdtempSync(join(tmpdir(), "shopfloor-"));
  try {
    const path = join(directory, "seen.ndjson");
    const factory = await openFactory(BLUEPRINT, { workshops, settings: { ...order, path } });
    await factory.finished;
    const summary = await factory.drain();
    assert.deepEqual([summary.deadLettered, summary.rejected], [0, 0]);
    return readFileSync(path, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Every item once, and those of each key in their order, to the worker and from it. */
async function keepsOrder(order: Omit<Order, "path">, workshops: number): Promise<void> {
  const last = new Map<string, number>();
  const seen = await run(order, workshops);
  assert.equal(seen.length, order.items);
  for (const { key, nth, counted } of seen) {
    const expected = (last.get(key) ?? 0) + 1;
    if (nth !== expected || counted !== expected) {
      assert.fail(
        `expected number ${expected} of ${key}, found ${nth}, which its worker counted as ${counted}`,
      );
    }
    last.set(key, nth);
  }
}

const seed = fc.integer();
const workshops = fc.integer({ min: 1, max: 3 });

describe("the items of a key on real Web Workers", () => {
  it("keep their order at full speed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20_000 }),
        workshops,
        seed,
        async (keys, workshops, seed) => {
          await keepsOrder({ items: 100_000, keys, seed, awaiting: 0, failing: 0 }, workshops);
        },
      ),
      { numRuns: 3, endOnFailure: true },
    );
  });

  it("keep their order when some turns are asynchronous and some fail the first time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3_000 }), workshops, seed, async (keys, workshops, seed) => {
        await keepsOrder({ items: 30_000, keys, seed, awaiting: 7, failing: 1_009 }, workshops);
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });
});
