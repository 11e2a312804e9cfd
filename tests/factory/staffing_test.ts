import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { defineBlueprint, keyed } from "../../src/blueprint/mod.ts";
import { sleep } from "../../src/core/mod.ts";
import type { Inspection } from "../../src/operations/mod.ts";
import { generator } from "../../src/sources/mod.ts";
import { inline, VirtualClock } from "../../src/testing/mod.ts";

describe("a factory whose workshops are auto, within bounds", () => {
  it("lets workshops go when there is little to do, and says why", async () => {
    const clock = new VirtualClock();
    const blueprint = defineBlueprint({
      name: "quiet",
      material: z.object({ number: z.int() }),
      key: ({ number }) => `key ${number % 50}`,
      products: { count: z.object({ key: z.string(), count: z.int() }) },
      workshop: keyed({
        hire: () => ({ count: 0 }),
        work: (worker, _item, ship) => ship("count", { key: worker.key, count: ++worker.state.count }),
      }),
      source: generator(async function* ({ signal }) {
        for (let number = 0; !signal.aborted; number++) {
          yield { number };
          await sleep(clock, 10, signal).catch(() => {});
        }
      }),
    });
    const factory = await inline(blueprint, { clock, workshops: "auto", minWorkshops: 1, maxWorkshops: 3 });
    const before = (await clock.until(factory.status())).workshops;
    await clock.until(factory.scale(3));
    const reasons = new Set<string>();
    for (let minute = 0; minute < 3; minute++) {
      await clock.advance(62_000);
      const { staffing } = factory.latestInspection() as Inspection;
      reasons.add(staffing!.reason);
    }
    assert.ok(before >= 1 && before <= 3);
    assert.equal((await clock.until(factory.status())).workshops, 1);
    assert.ok([...reasons].every((reason) => /workshop/.test(reason)), [...reasons].join("\n"));
    await clock.until(factory.drain());
  });

  it("leaves a number alone that was given", async () => {
    const clock = new VirtualClock();
    const blueprint = defineBlueprint({
      name: "idle",
      material: z.object({}),
      key: () => "key",
      products: {},
      workshop: keyed({ hire: () => null, work() {} }),
    });
    const factory = await inline(blueprint, { clock, workshops: 3 });
    await clock.advance(200_000);
    assert.equal((await clock.until(factory.status())).workshops, 3);
    assert.equal(factory.latestInspection()?.staffing, null);
    await clock.until(factory.close());
  });
});
