import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sleep } from "../../src/core/mod.ts";
import { randomFrom, VirtualClock } from "../../src/testing/mod.ts";

describe("VirtualClock", () => {
  it("stands still until it is advanced, and then by exactly so much", async () => {
    const clock = new VirtualClock({ now: 1_000_000 });
    assert.deepEqual([clock.now(), clock.monotonic()], [1_000_000, 0]);
    await clock.advance(250);
    assert.deepEqual([clock.now(), clock.monotonic()], [1_000_250, 250]);
    assert.equal(new VirtualClock().now(), new VirtualClock().now());
  });

  it("runs what is due at its time, in the order of time and then of asking, and cancelled timers never", async () => {
    const timer = fc.record({
      ms: fc.integer({ min: -5, max: 60 }),
      cancelAt: fc.option(fc.integer({ min: 0, max: 60 })),
    });
    await fc.assert(fc.asyncProperty(fc.array(timer, { maxLength: 40 }), async (timers) => {
      const clock = new VirtualClock();
      const runs: { index: number; at: number }[] = [];
      for (const [index, { ms, cancelAt }] of timers.entries()) {
        const handle = clock.after(ms, () => runs.push({ index, at: clock.monotonic() }));
        if (cancelAt !== null) clock.after(cancelAt, () => handle.cancel());
      }
      await clock.advance(100);
      const expected = timers
        .map(({ ms, cancelAt }, index) => ({ index, at: Math.max(0, ms), cancelAt }))
        .filter(({ at, cancelAt }) => cancelAt === null || cancelAt >= at)
        .toSorted((a, b) => a.at - b.at || a.index - b.index);
      assert.deepEqual(runs, expected.map(({ index, at }) => ({ index, at })));
    }));
  });

  it("lets everything happen that a timer leads to before the next one runs", async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const chain = async (name: string) => {
      for (let i = 0; i < 5; i++) await Promise.resolve();
      await new Promise<void>((resolve) => clock.soon(resolve));
      log.push(`${name} ${clock.monotonic()}`);
    };
    clock.after(10, () => void chain("first"));
    clock.after(11, () => log.push("second 11"));
    await clock.advance(20);
    assert.deepEqual(log, ["first 10", "second 11"]);
  });

  it("lets the seed, and nothing else, decide the order of tasks", async () => {
    const order = async (seed: number) => {
      const clock = new VirtualClock({ seed });
      const ran: number[] = [];
      for (let i = 0; i < 6; i++) clock.soon(() => ran.push(i));
      await clock.advance(0);
      return ran.join("");
    };
    const orders = new Set<string>();
    for (let seed = 0; seed < 30; seed++) {
      orders.add(await order(seed));
      assert.equal(await order(seed), await order(seed));
    }
    assert.ok(orders.size > 15);
  });

  it("until() lets time pass until the promise settles, and settles as it does", async () => {
    const clock = new VirtualClock();
    assert.equal(await clock.until(sleep(clock, 86_400, undefined).then(() => "done")), "done");
    assert.equal(clock.monotonic(), 86_400);
    await assert.rejects(clock.until(sleep(clock, 5).then(() => Promise.reject(new Error("odd")))), /odd/);
    assert.equal(await clock.until(Promise.resolve(7)), 7);
    assert.equal(clock.monotonic(), 86_405);
  });

  it("until() gives up when nothing is left to happen, or too much time has passed", async () => {
    const clock = new VirtualClock();
    for (const limitMs of [1_000, Infinity]) {
      await assert.rejects(clock.until(new Promise(() => {}), { limitMs }), /nothing is left to happen/);
    }
    clock.after(5_000, () => {});
    await assert.rejects(
      clock.until(new Promise(() => {}), { limitMs: 1_000 }),
      /not settled within 1000 ms/,
    );
  });

  it("keeps what a task throws from being lost", async () => {
    const clock = new VirtualClock();
    clock.after(1, () => {
      throw new Error("odd");
    });
    await assert.rejects(clock.advance(10), /odd/);
  });
});

describe("randomFrom()", () => {
  it("is the same for the same seed, different for another, from 0 up to 1 and even", () => {
    fc.assert(fc.property(fc.integer(), (seed) => {
      const [a, b, other] = [randomFrom(seed), randomFrom(seed), randomFrom(seed + 1)];
      let same = 0;
      for (let i = 0; i < 20; i++) {
        const value = a();
        assert.equal(value, b());
        assert.ok(value >= 0 && value < 1);
        if (value === other()) same++;
      }
      assert.ok(same < 5);
    }));
    const random = randomFrom(3);
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) buckets[Math.floor(random() * 10)]++;
    assert.ok(Math.min(...buckets) > 800 && Math.max(...buckets) < 1_200, buckets.join(" "));
  });
});
