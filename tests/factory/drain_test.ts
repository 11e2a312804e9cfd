import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { z } from "zod";
import { defineBlueprint, keyed } from "../../src/blueprint/mod.ts";
import { callback } from "../../src/sinks/mod.ts";
import { inline, VirtualClock } from "../../src/testing/mod.ts";

/** Drains a factory with 3,000 workers; resolves to the farewells, as `key reason count`. */
async function farewells(
  dismissOnDrain: boolean | undefined,
  options: { data?: string } = {},
): Promise<string[]> {
  const told: string[] = [];
  const blueprint = defineBlueprint({
    name: "farewells",
    material: z.object({ key: z.string() }),
    key: ({ key }) => key,
    products: { farewell: z.object({ reason: z.string(), count: z.int() }) },
    workshop: keyed({
      contract: { dismissOnDrain },
      hire: () => ({ count: 0 }),
      work: (worker) => void worker.state.count++,
      dismiss: (worker, ship, reason) => ship("farewell", { reason, count: worker.state.count }),
    }),
    sinks: callback((_type, products) => {
      for (const { reason, count } of products as { reason: string; count: number }[]) {
        told.push(`${reason} ${count}`);
      }
    }),
  });
  const clock = new VirtualClock();
  const factory = await inline(blueprint, { clock, workshops: 2, ...options });
  await clock.until(
    factory.push(Array.from({ length: 6_000 }, (_, number) => ({ key: `${number % 3_000}` }))),
  );
  const summary = await clock.until(factory.drain());
  assert.equal(summary.products.farewell, told.length);
  return told;
}

describe("a factory that drains", () => {
  it("dismisses nobody, unless the contract says so: then everybody, and ships what they have to ship", async () => {
    assert.deepEqual(await farewells(undefined), []);
    assert.deepEqual(await farewells(false), []);
    assert.deepEqual(await farewells(true), new Array(3_000).fill("closing 2"));
  });

  it("leaves nothing to do for the next when it has dismissed everybody", async () => {
    const data = mkdtempSync(join(tmpdir(), "shopfloor-drain-"));
    try {
      assert.equal((await farewells(true, { data })).length, 3_000);
      const again = await farewells(true, { data });
      assert.deepEqual(again, new Array(3_000).fill("closing 4")); // the states of then, and two items more
    } finally {
      rmSync(data, { recursive: true });
    }
  });
});
