import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Deadlines } from "../../src/rpc/deadlines.ts";
import { Scope } from "../../src/rpc/scope.ts";
import { VirtualClock } from "../../src/testing/mod.ts";

describe("the deadlines of calls", () => {
  it("come when they are due, whatever other calls have, and never to a call that is over", async () => {
    const call = fc.record({
      startsMs: fc.nat(50),
      deadlineMs: fc.oneof(fc.nat(100), fc.constant(Infinity)),
      lastsMs: fc.nat(100),
    });
    await fc.assert(fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (plan) => {
      const clock = new VirtualClock();
      const deadlines = new Deadlines(clock);
      const ends = plan.map(() => -1);
      plan.forEach(({ startsMs, deadlineMs, lastsMs }, index) =>
        clock.after(startsMs, () => {
          const scope = new Scope(deadlines, { deadlineMs, signals: [] });
          scope.onEnd(() => ends[index] = clock.monotonic());
          clock.after(lastsMs, () => scope.close());
        })
      );
      await clock.advance(500);
      plan.forEach(({ startsMs, deadlineMs, lastsMs }, index) => {
        const due = startsMs + deadlineMs;
        if (deadlineMs < lastsMs) assert.equal(ends[index], due);
        if (deadlineMs > lastsMs) assert.equal(ends[index], -1);
      });
    }));
  });

  it("end everything at once when asked to", () => {
    const deadlines = new Deadlines(new VirtualClock());
    const reasons: unknown[] = [];
    for (let count = 0; count < 3; count++) {
      new Scope(deadlines, { deadlineMs: 10, signals: [] }).onEnd((reason) => reasons.push(reason));
    }
    deadlines.endAll("closing");
    deadlines.endAll("again");
    assert.deepEqual(reasons, ["closing", "closing", "closing"]);
  });
});
