import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sleep } from "../../src/core/mod.ts";
import { Pace } from "../../src/procurement/pace.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";

/** Longest stretch that may be made up for. */
const BURST_MS = 100;

const rate = fc.double({ min: 1, max: 1e6, noNaN: true });

describe("Pace", () => {
  it("never lets more through than the rate, and a tenth of a second's worth, in any stretch of time", async () => {
    const request = fc.record({
      ms: fc.integer({ min: 0, max: 500 }),
      wanted: fc.integer({ min: 1, max: 5_000 }),
    });
    await fc.assert(
      fc.asyncProperty(rate, fc.array(request, { maxLength: 50 }), async (rate, requests) => {
        const clock = new VirtualClock();
        const pace = new Pace(clock, rate);
        const taken: { at: number; items: number }[] = [];
        for (const { ms, wanted } of requests) {
          await clock.advance(ms);
          const items = pace.take(wanted);
          assert.ok(Number.isInteger(items) && items >= 0 && items <= wanted);
          taken.push({ at: clock.monotonic(), items });
        }
        const burst = Math.max(1, rate * BURST_MS / 1_000);
        for (let from = 0; from < taken.length; from++) {
          let items = 0;
          for (const next of taken.slice(from)) {
            items += next.items;
            assert.ok(items <= burst + (next.at - taken[from].at) * rate / 1_000 + 1e-6);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("is the rate on average for whoever takes all that is allowed and waits as told", async () => {
    await fc.assert(
      fc.asyncProperty(rate, fc.integer({ min: 1, max: 3_000 }), async (rate, wanted) => {
        const clock = new VirtualClock();
        const pace = new Pace(clock, rate);
        const seconds = Math.max(2, 20 / rate);
        let items = 0;
        let steps = 0;
        while (clock.monotonic() < seconds * 1_000 && steps++ < 4_000) {
          const taken = pace.take(wanted);
          items += taken;
          if (taken === 0) await clock.until(sleep(clock, pace.waitMs()));
        }
        const elapsed = clock.monotonic() / 1_000;
        assert.ok(items <= rate * elapsed + 1e-6, `${items} items in ${elapsed} s at ${rate} a second`);
        assert.ok(
          items >= rate * elapsed * 0.95 - 1 - rate * 0.002,
          `${items} items in ${elapsed} s at ${rate} a second`,
        );
      }),
      { numRuns: 20 },
    );
  });

  it("makes up for a stall with a tenth of a second's worth, not with all of it", async () => {
    const clock = new VirtualClock();
    const pace = new Pace(clock, 1_000);
    await clock.advance(60_000);
    assert.equal(pace.take(10_000), 100);
    assert.equal(pace.take(10_000), 0);
  });

  it("lets everything through without a rate", () => {
    const pace = new Pace(new VirtualClock(), null);
    assert.equal(pace.take(1_000_000), 1_000_000);
    assert.equal(pace.waitMs(), 0);
    assert.equal(pace.ratePerSecond, null);
  });

  it("follows a new rate at once, also one who waits at a slow one", async () => {
    const clock = new VirtualClock();
    const pace = new Pace(clock, 0.001);
    assert.equal(pace.take(1), 0);
    assert.ok(pace.waitMs() <= BURST_MS, `told to wait ${pace.waitMs()} ms`);
    pace.set(500);
    await clock.advance(10);
    assert.equal(pace.take(100), 5);
    pace.set(null);
    assert.equal(pace.take(100), 100);
    pace.set(10);
    assert.equal(pace.take(100), 0, "what was free before is no credit now");
    await clock.advance(100);
    assert.equal(pace.take(100), 1);
  });
});
