import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { defineBlueprint, keyed } from "../../src/blueprint/mod.ts";
import { OptionsError } from "../../src/core/mod.ts";
import { callback } from "../../src/sinks/mod.ts";
import { inline, VirtualClock } from "../../src/testing/mod.ts";

/** Says in which order its workers got their items. */
function ordering(order: string[]) {
  return defineBlueprint({
    name: "ordering",
    material: z.object({ key: z.string() }),
    key: ({ key }) => key,
    products: { seen: z.object({ key: z.string() }) },
    workshop: keyed({
      turn: { retries: { attempts: 2 } },
      hire: () => ({ failed: false }),
      work(_worker, { key }, ship) {
        order.push(key);
        ship("seen", { key });
      },
    }),
    sinks: callback((_type, products) => void order.push(`delivered ${products.length}`)),
  });
}

const items = Array.from({ length: 40 }, (_, i) => ({ key: `key-${i}` }));

async function run(seed: number): Promise<string> {
  const order: string[] = [];
  const clock = new VirtualClock({ seed });
  const factory = await inline(ordering(order), { clock, seed, workshops: 4 });
  await clock.until(factory.push(items));
  await clock.until(factory.drain());
  return order.join(" ");
}

describe("inline()", () => {
  it("runs the same way for the same seed, and others for others", async () => {
    const runs = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const first = await run(seed);
      assert.equal(await run(seed), first);
      runs.add(first);
    }
    assert.ok(runs.size > 1);
  });

  it("runs on the machine's clock unless it is given another", async () => {
    const order: string[] = [];
    const factory = await inline(ordering(order), { workshops: 2, epochMs: 20 });
    await factory.push(items, { committed: true });
    const { products } = await factory.drain();
    assert.deepEqual(products, { seen: 40 });
    assert.equal(order.filter((line) => line.startsWith("key-")).length, 40);
  });

  it("has one workshop unless it is told otherwise, and refuses wrong options as a real factory does", async () => {
    const clock = new VirtualClock();
    const factory = await inline(ordering([]), { clock });
    assert.equal((await clock.until(factory.status())).workshops, 1);
    await clock.until(factory.close());
    await assert.rejects(inline(ordering([]), { workshops: 0 }), OptionsError);
  });
});
