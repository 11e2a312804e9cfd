import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sleep } from "../../src/core/mod.ts";
import { type Definition, numbered, Shop } from "./shop.ts";

/** Counts, and says at the end how many there were. */
const counting: Definition = {
  hire: () => ({ count: 0 }),
  work: (worker) => void worker.state.count++,
  dismiss: (worker, ship) => ship("last", { key: worker.key, value: worker.state.count }),
};

function farewells(shop: Shop): [key: string, count: number][] {
  return shop.last.map(({ row }) => [row.key, row.value]);
}

describe("a worker is dismissed", () => {
  it("when it has been idle for the contract's time, and may still ship", async () => {
    const shop = new Shop({ ...counting, contract: { idleMs: 1_000 } });
    await shop.give("a", 1);
    await shop.clock.advance(600);
    await shop.give("a", 2);
    await shop.give("b", 3);
    await shop.clock.advance(990);
    assert.equal(shop.department.figures().workers, 2);
    await shop.clock.advance(50);
    assert.deepEqual(farewells(shop).toSorted(), [["a", 2], ["b", 1]]);
    const { workers, hired, dismissed } = shop.department.figures();
    assert.deepEqual({ workers, hired, dismissed }, { workers: 0, hired: 2, dismissed: { idle: 2 } });
    await shop.give("a", 4);
    assert.deepEqual(shop.department.worker("a")!.state, { count: 1 }, "its key starts afresh");
    shop.close();
  });

  it("at the contract's age, busy keys too, at the next quiet moment", async () => {
    const shop = new Shop({ ...counting, contract: { ageMs: 1_000 } });
    for (let i = 0; i < 25; i++) {
      await shop.give("a", i);
      await shop.clock.advance(100);
    }
    assert.deepEqual(shop.department.figures().dismissed, { age: 2 });
    assert.deepEqual(farewells(shop).map(([, count]) => count >= 9 && count <= 11), [true, true]);
    shop.close();
  });

  it("when somebody asks, after its belt is empty; asking for who isn't hired says so", async () => {
    const shop: Shop = new Shop({
      ...counting,
      async work(worker) {
        await sleep(shop.clock, 100);
        worker.state.count++;
      },
    });
    assert.equal(shop.department.dismiss("a"), false);
    shop.send(numbered(3, { keys: 1 }));
    await shop.clock.advance(50);
    assert.equal(shop.department.dismiss("key-0"), true);
    assert.equal(shop.department.worker("key-0")!.belt, 3);
    await shop.clock.advance(200);
    assert.deepEqual(farewells(shop), []);
    await shop.clock.advance(100);
    assert.deepEqual(farewells(shop), [["key-0", 3]]);
    assert.deepEqual(shop.department.figures().dismissed, { asked: 1 });
    shop.close();
  });

  it("when the roster is full: of those who have nothing to do, the one that has been idle longest", async () => {
    const shop = new Shop({ ...counting, contract: { maxWorkers: 3, idleMs: 10_000 } });
    for (const key of ["a", "b", "c", "a", "d", "b", "e"]) {
      await shop.give(key, 1);
      await shop.clock.advance(500);
    }
    assert.deepEqual(farewells(shop), [["b", 1], ["c", 1], ["a", 2]]);
    const { workers, dismissed } = shop.department.figures();
    assert.deepEqual({ workers, dismissed }, { workers: 3, dismissed: { evicted: 3 } });
    shop.close();
  });

  it("not while it is busy: items for others wait until somebody can go, and then no longer", async () => {
    const starts: string[] = [];
    const shop: Shop = new Shop({
      ...counting,
      contract: { maxWorkers: 2, idleMs: 60_000 },
      async work(worker, { value }) {
        starts.push(`${worker.key} ${shop.clock.monotonic()}`);
        await sleep(shop.clock, value);
        worker.state.count++;
      },
    });
    await shop.give("a", 5_000);
    await shop.give("b", 100);
    await shop.give("c", 10);
    await shop.clock.advance(10_000);
    assert.deepEqual(starts, ["a 0", "b 0", "c 100"]);
    assert.deepEqual(farewells(shop), [["b", 1]]);
    shop.close();
  });

  it("when the roster is full of workers that only wait for timers: the line must go on", async () => {
    const shop: Shop = new Shop({
      ...counting,
      contract: { maxWorkers: 2 },
      work: (worker) => worker.after(1_000, "again"),
      onTimer: (worker) => worker.after(1_000, "again"),
    });
    shop.send(numbered(5));
    await shop.clock.advance(10_000);
    assert.equal(shop.department.figures().materials, 5);
    assert.equal(shop.department.figures().workers, 2);
    shop.close();
  });

  it("and a failing good-bye is a dead letter, tried once", async () => {
    const shop = new Shop({
      ...counting,
      contract: { idleMs: 100 },
      dismiss(worker, ship, reason) {
        ship("last", { key: worker.key, value: 1 });
        throw new Error(`no ${reason}`);
      },
    });
    await shop.give("a", 1);
    await shop.clock.advance(1_000);
    assert.deepEqual(farewells(shop), []);
    assert.deepEqual(shop.letters.map(({ key, row }) => [key, row.reason, row.error, row.attempts]), [
      ["a", "dismiss", "no idle", 1],
    ]);
    shop.close();
  });

  it("and so are thousands at once, in several goes", async () => {
    const shop = new Shop({ ...counting, contract: { idleMs: 1_000 } }, { rows: 2_000 });
    shop.send(numbered(25_000, { keys: 25_000 }));
    await shop.clock.advance(500);
    assert.equal(shop.department.figures().workers, 25_000);
    await shop.clock.advance(1_000);
    assert.equal(shop.department.figures().workers, 0);
    assert.equal(shop.last.length, 25_000);
    shop.close();
  });
});

describe("an item that comes during an asynchronous dismissal", () => {
  it("goes to a fresh hire, and isn't lost", async () => {
    const shop: Shop = new Shop({
      contract: { idleMs: 100 },
      hire: () => ({ count: 0 }),
      work: (worker) => void worker.state.count++,
      async dismiss(worker, ship) {
        await sleep(shop.clock, 500);
        ship("last", { key: worker.key, value: worker.state.count });
      },
    });
    shop.send(numbered(3, { keys: 1 }));
    await shop.clock.advance(200);
    assert.equal(shop.department.figures().workers, 0);
    await shop.give("key-0", 9);
    assert.deepEqual(shop.department.worker("key-0")!.state, { count: 1 });
    await shop.clock.advance(2_000);
    assert.deepEqual(farewells(shop), [["key-0", 3], ["key-0", 1]]);
    shop.close();
  });

  it("never costs anything, whatever comes when", async () => {
    const step = fc.record({
      key: fc.constantFrom("a", "b", "c", "d"),
      waitMs: fc.integer({ min: 0, max: 200 }),
      workMs: fc.integer({ min: -40, max: 80 }),
      ask: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50 }), fc.nat(), async (steps, seed) => {
        const running = new Set<object>();
        const shop: Shop = new Shop({
          contract: { idleMs: 100, ageMs: 700, maxWorkers: 3 },
          hire: () => ({ count: 0 }),
          work(worker, { value }, ship) {
            assert.equal(running.has(worker.state), false);
            worker.state.count++;
            const { workMs } = steps[value];
            if (workMs < 0) return ship("out", { key: worker.key, value });
            const { state } = worker;
            running.add(state);
            return sleep(shop.clock, workMs).then(() => {
              running.delete(state);
              ship("out", { key: worker.key, value });
            });
          },
          async dismiss(worker, ship) {
            assert.equal(running.has(worker.state), false, "dismissed while busy");
            await sleep(shop.clock, 60);
            ship("last", { key: worker.key, value: worker.state.count });
          },
        }, { seed });
        for (const [value, { key, waitMs, ask }] of steps.entries()) {
          await shop.give(key, value);
          if (ask) shop.department.dismiss(key);
          await shop.clock.advance(waitMs);
        }
        await shop.clock.advance(10_000);
        for (const key of ["a", "b", "c", "d"]) {
          const values = steps.flatMap((each, value) => each.key === key ? [value] : []);
          assert.deepEqual(shop.values(key), values);
        }
        const told = farewells(shop).reduce((sum, [, count]) => sum + count, 0);
        assert.equal(told, steps.length);
        const { hired, dismissed, workers } = shop.department.figures();
        assert.equal(workers, 0);
        assert.equal(Object.values(dismissed).reduce((sum, count) => sum + count, 0), hired);
        assert.equal(shop.letters.length, 0);
        shop.close();
      }),
      { numRuns: 60 },
    );
  });
});
