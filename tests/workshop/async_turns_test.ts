import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Ship, Worker } from "../../src/blueprint/mod.ts";
import { DeadlineError, sleep } from "../../src/core/mod.ts";
import { numbered, type Products, Shop } from "./shop.ts";

describe("asynchronous turns", () => {
  it("keep the order of each key, one at a time, and never exceed the concurrency", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ key: fc.constantFrom(..."abcdefgh"), ms: fc.integer({ min: 0, max: 50 }) }), {
          maxLength: 120,
        }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(),
        async (plan, concurrency, seed) => {
          const running = new Set<string>();
          let most = 0;
          const shop: Shop = new Shop({
            turn: { concurrency },
            hire: () => ({ count: 0 }),
            async work(worker, { value }, ship) {
              assert.equal(running.has(worker.key), false, "two turns of one key");
              running.add(worker.key);
              most = Math.max(most, running.size);
              assert.ok(shop.department.figures().inFlight < concurrency);
              const count = worker.state.count + 1;
              await sleep(shop.clock, plan[value].ms);
              worker.state.count = count;
              ship("out", { key: worker.key, value });
              running.delete(worker.key);
            },
          }, { seed, rows: 9 });
          shop.send(plan.map(({ key }, value) => ({ key, value })));
          await shop.clock.advance(20_000);
          for (const key of "abcdefgh") {
            const values = plan.flatMap((item, value) => item.key === key ? [value] : []);
            assert.deepEqual(shop.values(key), values);
            if (values.length > 0) {
              assert.deepEqual(shop.department.worker(key)!.state, { count: values.length });
            }
          }
          assert.ok(most <= concurrency);
          const { inFlight, belted, materials } = shop.department.figures();
          assert.deepEqual([inFlight, belted, materials], [0, 0, plan.length]);
          shop.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it("use all of the concurrency when there is enough to do", async () => {
    const shop: Shop = new Shop({
      turn: { concurrency: 10 },
      hire: () => null,
      work: () => sleep(shop.clock, 100),
    });
    shop.send(numbered(100, { keys: 50 }));
    await shop.clock.advance(50);
    assert.equal(shop.department.figures().inFlight, 10);
    assert.equal(shop.department.figures().belted, 90);
    await shop.clock.advance(950);
    assert.equal(shop.department.figures().belted, 0);
    shop.close();
  });

  it("ship when they end, all at once; what they have shipped so far is seen by nobody", async () => {
    const shop: Shop = new Shop({
      hire: () => null,
      async work(worker, { value }, ship) {
        ship("out", { key: worker.key, value });
        await sleep(shop.clock, 100);
        ship("out", { key: worker.key, value: value + 1 });
      },
    });
    shop.send([{ key: "a", value: 10 }]);
    await shop.clock.advance(99);
    assert.deepEqual(shop.values(), []);
    await shop.clock.advance(20);
    assert.deepEqual(shop.values(), [10, 11]);
    shop.close();
  });

  it("may also be results that are no promises, and objects that are almost promises", async () => {
    for (const result of [0, null, "done", {}, { then: (resolve: () => void) => resolve() }]) {
      const shop = new Shop({
        hire: () => null,
        work(worker, { value }, ship) {
          ship("out", { key: worker.key, value });
          return result as unknown as void;
        },
      });
      shop.send(numbered(6, { keys: 2 }));
      await shop.clock.advance(100);
      assert.deepEqual(shop.values().toSorted(), [0, 1, 2, 3, 4, 5], JSON.stringify(result));
      shop.close();
    }
  });
});

/** A turn that does everything it can after its deadline. */
class Zombie {
  worker: Worker<{ count: number; deep: { count: number } }> | undefined;
  ship: Ship<Products> | undefined;

  act(): void {
    const { worker, ship } = this;
    worker!.state.count = 666;
    worker!.state.deep.count = 666;
    worker!.after(10, "zombie");
    worker!.cancel("kept");
    assert.throws(() => ship!("out", { key: "a", value: 666 }), /after its turn had ended/);
    worker!.state = { count: 667, deep: { count: 667 } };
  }
}

describe("a turn's deadline", () => {
  it("ends the turn: its signal aborts, and what it still does reaches no one", async () => {
    const zombie = new Zombie();
    const rings: string[] = [];
    const signals: AbortSignal[] = [];
    const shop: Shop = new Shop({
      turn: { timeoutMs: 100, retries: { attempts: 1 } },
      hire: () => ({ count: 0, deep: { count: 0 } }),
      onTimer: (_worker, name) => void rings.push(name),
      async work(worker, { value }, ship) {
        worker.state.count++;
        worker.state.deep.count++;
        ship("out", { key: worker.key, value });
        if (value === 0) worker.after(5_000, "kept");
        if (value !== 1) return;
        zombie.worker = worker;
        zombie.ship = ship;
        signals.push(worker.signal);
        await sleep(shop.clock, 1_000);
        zombie.act();
        throw new Error("even now");
      },
    });
    shop.send(numbered(3, { keys: 1 }));
    await shop.clock.advance(99);
    assert.equal(signals[0].aborted, false);
    await shop.clock.advance(1);
    assert.equal(signals[0].aborted, true);
    assert.ok(signals[0].reason instanceof DeadlineError);
    assert.equal(zombie.worker!.signal.aborted, true);
    await shop.clock.advance(10);
    assert.deepEqual(shop.values(), [0, 2], "the next item doesn't wait for it");
    await shop.clock.advance(6_000);
    assert.deepEqual(shop.values(), [0, 2]);
    assert.deepEqual(shop.department.worker("key-0")!.state, { count: 2, deep: { count: 2 } });
    assert.equal(shop.department.worker("key-0")!.processed, 2);
    assert.deepEqual(rings, ["kept"]);
    assert.deepEqual(shop.letters.map(({ row }) => [row.reason, row.attempts]), [["timeout", 1]]);
    shop.close();
  });

  it("frees the turn's place in the concurrency", async () => {
    const shop: Shop = new Shop({
      turn: { timeoutMs: 100, concurrency: 1, retries: { attempts: 1 } },
      hire: () => null,
      async work(worker, { value }, ship) {
        if (value === 0) await new Promise(() => {});
        ship("out", { key: worker.key, value });
      },
    });
    shop.send(numbered(4, { keys: 4 }));
    await shop.clock.advance(50);
    assert.deepEqual(shop.values(), []);
    await shop.clock.advance(100);
    assert.deepEqual(shop.values(), [1, 2, 3]);
    assert.equal(shop.department.figures().inFlight, 0);
    shop.close();
  });

  it("gives the item another turn, on the state from before, if attempts are left", async () => {
    let turns = 0;
    const shop: Shop = new Shop({
      turn: { timeoutMs: 100, retries: { attempts: 2, minMs: 10, jitter: 0 } },
      hire: () => ({ count: 0 }),
      async work(worker, { value }, ship) {
        worker.state.count++;
        if (++turns === 1) await sleep(shop.clock, 1_000);
        ship("out", { key: worker.key, value: worker.state.count * 10 + value });
      },
    });
    shop.send(numbered(2, { keys: 1 }));
    await shop.clock.advance(115);
    assert.deepEqual(shop.values(), [10, 21]);
    assert.equal(shop.department.figures().retries, 1);
    await shop.clock.advance(2_000);
    assert.deepEqual(shop.values(), [10, 21]);
    shop.close();
  });

  it("is not for turns that end in time, whatever other turns do", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 200 }).filter((ms) => ms !== 100), {
          minLength: 1,
          maxLength: 40,
        }),
        async (durations) => {
          const shop: Shop = new Shop({
            turn: { timeoutMs: 100, retries: { attempts: 1 } },
            hire: () => null,
            async work(worker, { value }, ship) {
              await sleep(shop.clock, durations[value]);
              ship("out", { key: worker.key, value });
            },
          });
          shop.send(numbered(durations.length, { keys: 3 }));
          await shop.clock.advance(10_000);
          const inTime = durations.flatMap((ms, value) => ms < 100 ? [value] : []);
          assert.deepEqual(shop.values().toSorted((a, b) => a - b), inTime);
          assert.equal(shop.letters.length, durations.length - inTime.length);
          shop.close();
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("closing a workshop", () => {
  it("aborts the signals of the turns under way, those of dismissals too", async () => {
    const signals: AbortSignal[] = [];
    const shop = new Shop({
      hire: () => null,
      async work(worker, { value }) {
        signals.push(worker.signal);
        if (value === 0) await new Promise(() => {});
      },
      async dismiss(worker) {
        signals.push(worker.signal);
        await new Promise(() => {});
      },
    });
    shop.send(numbered(2, { keys: 2 }));
    await shop.clock.advance(10);
    shop.department.dismiss("key-1");
    await shop.clock.advance(10);
    shop.close();
    assert.deepEqual(signals.map(({ aborted }) => aborted), [true, false, true]);
    await shop.clock.advance(120_000);
  });
});
