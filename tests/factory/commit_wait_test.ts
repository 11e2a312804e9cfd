import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { z } from "zod";
import { callback, defineBlueprint, keyed } from "../../mod.ts";
import { inline, VirtualClock } from "../../src/testing/mod.ts";

/** A call that takes as long as the test wants. */
function calls(affinity: boolean) {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const sunk: string[] = [];
  const blueprint = defineBlueprint({
    name: "calls",
    material: z.object({ device: z.string() }),
    key: ({ device }) => device,
    products: { answer: z.object({ device: z.string() }) },
    affinity: affinity ? { of: ({ device }) => device[0], classes: ["a", "b"] } : undefined,
    workshop: keyed({
      turn: { timeoutMs: 60_000 },
      hire: () => null,
      async work({ key }, _item, ship) {
        await gates.get(key)?.promise;
        ship("answer", { device: key });
      },
    }),
    sinks: callback((_type, products) => {
      sunk.push(...(products as readonly { device: string }[]).map(({ device }) => device));
    }),
  });
  const hold = (key: string) => {
    const gate = Promise.withResolvers<void>();
    gates.set(key, gate);
    return () => {
      gates.delete(key);
      gate.resolve();
    };
  };
  return { blueprint, sunk, hold };
}

describe("whoever waits for the commit of what was pushed", () => {
  for (const affinity of [false, true]) {
    it(`finds its products in the sinks, without durability too (affinity: ${affinity})`, async () => {
      const clock = new VirtualClock({ seed: 7 });
      const { blueprint, sunk, hold } = calls(affinity);
      const release = hold("b1");
      const factory = await inline(blueprint, { clock, workshops: 2, epochMs: 100 });
      let answered = false;
      const slow = factory.push([{ device: "b1" }], { committed: true }).then(() => answered = true);
      await clock.advance(350);
      const quick = factory.push([{ device: "a1" }, { device: "b2" }]);
      await clock.until(quick);
      await clock.advance(5_000);
      assert.deepEqual(sunk.toSorted(), ["a1", "b2"], "others don't wait");
      assert.equal(answered, false);
      release();
      await clock.until(slow);
      assert.deepEqual(sunk, ["a1", "b2", "b1"]);
      await clock.until(factory.close());
    });
  }

  it("knows that the item is safe, with durability, and need not wait for its turn", async () => {
    const data = mkdtempSync(join(tmpdir(), "shopfloor-wait-"));
    try {
      const { blueprint, sunk, hold } = calls(false);
      const release = hold("b1");
      const first = await inline(blueprint, { workshops: 1, epochMs: 50, data });
      await first.push([{ device: "b1" }], { committed: true });
      assert.equal(sunk.length, 0);
      await first.close();
      release();
      const second = await inline(blueprint, { workshops: 1, epochMs: 50, data });
      await second.drain();
      assert.ok(sunk.includes("b1"));
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});
