import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Mutex } from "../../src/core/mod.ts";

describe("Mutex", () => {
  it("runs tasks one at a time, in the order of asking, whatever fails among them", async () => {
    await fc.assert(fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.constantFrom("value", "throw", "promise", "reject"), { maxLength: 20 }),
      async (scheduler, kinds) => {
        const mutex = new Mutex();
        const order: number[] = [];
        let running = 0;
        const results = kinds.map((kind, index) =>
          mutex.run(() => {
            order.push(index);
            assert.equal(running, 0);
            if (kind === "value") return index;
            if (kind === "throw") throw new Error(`task ${index}`);
            running++;
            return scheduler.schedule(Promise.resolve()).then(() => {
              running--;
              if (kind === "reject") throw new Error(`task ${index}`);
              return index;
            });
          })
        );
        const settling = Promise.allSettled(results);
        await scheduler.waitFor(settling);
        assert.deepEqual(order, [...kinds.keys()]);
        for (const [index, result] of (await settling).entries()) {
          const fails = kinds[index] === "throw" || kinds[index] === "reject";
          assert.equal(result.status, fails ? "rejected" : "fulfilled");
          if (result.status === "fulfilled") assert.equal(result.value, index);
          else assert.equal(result.reason.message, `task ${index}`);
        }
      },
    ));
  });
});
