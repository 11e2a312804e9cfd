import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import { every, sleep, systemClock } from "../../src/core/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";

describe("sleep()", () => {
  it("resolves when the time has passed, not before", async () => {
    const clock = new VirtualClock();
    let awake = false;
    void sleep(clock, 100).then(() => awake = true);
    await clock.advance(99);
    assert.equal(awake, false);
    await clock.advance(1);
    assert.equal(awake, true);
  });

  it("rejects with the signal's reason as soon as it aborts", async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const sleeping = sleep(clock, 100, controller.signal);
    const refused = assert.rejects(sleeping, /enough/);
    await clock.advance(50);
    controller.abort(new Error("enough"));
    await refused;
    assert.equal(clock.monotonic(), 50);
  });

  it("rejects at once when the signal has aborted before", async () => {
    await assert.rejects(sleep(new VirtualClock(), 100, AbortSignal.abort(new Error("late"))), /late/);
  });

  it("leaves no listener on the signal", async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners++;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners--;
      removeEventListener.apply(signal, args);
    };
    await clock.until(sleep(clock, 5, signal));
    assert.equal(listeners, 0);
  });
});

describe("every()", () => {
  it("never lets a run overlap the next, and leaves the whole interval between them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 3, maxLength: 10 }),
        async (ms, durations) => {
          const clock = new VirtualClock();
          const starts: number[] = [];
          let running = 0;
          const timer = every(clock, ms, async () => {
            assert.equal(running++, 0);
            const duration = durations[starts.length % durations.length];
            starts.push(clock.monotonic());
            await sleep(clock, duration);
            running--;
          });
          await clock.advance(1_000);
          timer.cancel();
          assert.equal(starts[0], ms);
          for (let i = 1; i < starts.length; i++) {
            assert.equal(starts[i] - starts[i - 1], ms + durations[(i - 1) % durations.length]);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it("stops when cancelled, during a run too", async () => {
    const clock = new VirtualClock();
    let runs = 0;
    const timer = every(clock, 10, async () => {
      runs++;
      await sleep(clock, 5);
    });
    await clock.advance(12);
    timer.cancel();
    timer.cancel();
    await clock.advance(1_000);
    assert.equal(runs, 1);
  });
});

describe("systemClock", () => {
  it("after() waits however long it is told, beyond what setTimeout can count", async () => {
    let rang = false;
    const timers = [2 ** 31, 2 ** 40, Infinity].map((ms) => systemClock.after(ms, () => rang = true));
    await wait(20);
    for (const timer of timers) timer.cancel();
    assert.equal(rang, false);
  });

  it("after() runs once, soon() too, and cancel() stops it", async () => {
    const runs: string[] = [];
    systemClock.after(5, () => runs.push("cancelled")).cancel();
    await new Promise<void>((resolve) => systemClock.soon(() => (runs.push("soon"), resolve())));
    await new Promise<void>((resolve) => systemClock.after(1, () => (runs.push("after"), resolve())));
    await wait(20);
    assert.deepEqual(runs, ["soon", "after"]);
  });

  it("monotonic() never goes backwards", () => {
    for (let i = 0, last = -Infinity; i < 1_000; i++) {
      const now = systemClock.monotonic();
      assert.ok(now >= last);
      last = now;
    }
  });
});
