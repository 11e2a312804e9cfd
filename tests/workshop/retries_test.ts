import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sleep } from "../../src/core/mod.ts";
import { numbered, Shop } from "./shop.ts";

describe("retries", () => {
  for (const kind of ["synchronous", "asynchronous"]) {
    it(`try a failing ${kind} item again after the documented waits, the next items of its key behind it`, async () => {
      const starts: number[] = [];
      const shop: Shop = new Shop({
        turn: { retries: { attempts: 4, minMs: 100, maxMs: 300, factor: 2, jitter: 0.5 } },
        hire: () => ({ count: 0 }),
        work(worker, { value }, ship) {
          worker.state.count++;
          if (value === 1) {
            starts.push(shop.clock.monotonic());
            const fail = () => {
              if (starts.length < 4) throw new Error(`attempt ${starts.length}`);
              ship("out", { key: worker.key, value: worker.state.count * 10 + value });
            };
            return kind === "synchronous" ? fail() : Promise.resolve().then(fail);
          }
          ship("out", { key: worker.key, value: worker.state.count * 10 + value });
          if (kind === "asynchronous") return Promise.resolve();
        },
      }, { random: () => 0.5 });
      shop.send(numbered(3, { keys: 1 }));
      shop.send([{ key: "other", value: 9 }]);
      await shop.clock.advance(50);
      assert.deepEqual(shop.values(), [10, 19], "other keys go on");
      await shop.clock.advance(10_000);
      assert.deepEqual(starts, [0, 75, 225, 450]);
      assert.deepEqual(shop.values("key-0"), [10, 21, 32]);
      assert.equal(shop.department.figures().retries, 3);
      assert.equal(shop.letters.length, 0);
      assert.equal(shop.department.worker("key-0")!.processed, 3);
      shop.close();
    });
  }

  it("end in a dead letter that says it all, and the next item goes on", async () => {
    const shop = new Shop({
      turn: { retries: { attempts: 3, minMs: 10, jitter: 0 } },
      hire: () => null,
      work(worker, { value }, ship) {
        if (value === 1) throw new RangeError("poison\n  at one");
        ship("out", { key: worker.key, value });
      },
    });
    shop.send(numbered(3, { keys: 1 }));
    await shop.clock.advance(1_000);
    assert.deepEqual(shop.values(), [0, 2]);
    const [{ key, row: { stack, at, ...row } }] = shop.letters;
    assert.deepEqual({ key, ...row }, {
      key: "key-0",
      reason: "error",
      error: "poison at one",
      attempts: 3,
      material: JSON.stringify({ key: "key-0", value: 1 }),
    });
    assert.match(stack, /RangeError: poison[^]*retries_test/);
    assert.equal(at, shop.clock.now() - 1_000 + 30);
    assert.deepEqual(shop.department.figures().deadLetters, { error: 1 });
    shop.close();
  });

  it("cost no other item anything, whatever fails how often", async () => {
    const plan = fc.array(
      fc.record({ key: fc.constantFrom("a", "b", "c"), failures: fc.integer({ min: 0, max: 5 }) }),
      {
        maxLength: 60,
      },
    );
    await fc.assert(
      fc.asyncProperty(plan, fc.boolean(), fc.nat(), async (items, asynchronous, seed) => {
        const failures = items.map((item) => item.failures);
        const shop: Shop = new Shop({
          turn: { retries: { attempts: 4, minMs: 10, maxMs: 20 }, concurrency: 2 },
          hire: () => [],
          work(worker, { value }, ship) {
            worker.state.push(value);
            ship("out", { key: worker.key, value });
            const fail = () => {
              if (failures[value]-- > 0) throw new Error("odd");
            };
            return asynchronous ? sleep(shop.clock, value % 5).then(fail) : fail();
          },
        }, { seed, rows: 6, random: () => 0.3 });
        shop.send(items.map(({ key }, value) => ({ key, value })));
        await shop.clock.advance(60_000);
        for (const key of ["a", "b", "c"]) {
          const good = items.flatMap((item, value) => item.key === key && item.failures < 4 ? [value] : []);
          assert.deepEqual(shop.values(key), good);
          assert.deepEqual(shop.department.worker(key)?.state ?? [], good);
        }
        assert.equal(shop.letters.length, items.filter((item) => item.failures >= 4).length);
        assert.equal(shop.department.figures().belted, 0);
        shop.close();
      }),
      { numRuns: 40 },
    );
  });

  it("are of no use when hire() throws: every item of the key is a dead letter, and no worker is there", async () => {
    const shop = new Shop({
      hire(key) {
        if (key === "key-1") throw new TypeError("no such tenant");
        return null;
      },
      work: (worker, { value }, ship) => ship("out", { key: worker.key, value }),
    });
    shop.send(numbered(6, { keys: 3 }));
    await shop.clock.advance(1_000);
    assert.deepEqual(shop.values().toSorted(), [0, 2, 3, 5]);
    assert.deepEqual(
      shop.letters.map(({ key, row }) => [key, row.reason, row.attempts, row.error, row.material]),
      [
        ["key-1", "hire", 1, "no such tenant", '{"key":"key-1","value":1}'],
        ["key-1", "hire", 1, "no such tenant", '{"key":"key-1","value":4}'],
      ],
    );
    const { workers, hired, materials } = shop.department.figures();
    assert.deepEqual([workers, hired, materials], [2, 2, 6]);
    shop.close();
  });

  it("are of no use when the state is no plain data: the item is a dead letter, and the line goes on", async () => {
    for (const asynchronous of [false, true]) {
      const shop = new Shop({
        turn: { retries: { attempts: 2, minMs: 10 } },
        hire: (key) => key === "key-1" ? { pending: Promise.resolve() } : { count: 0 },
        work(worker, { value }, ship) {
          ship("out", { key: worker.key, value });
          if (asynchronous) return Promise.resolve();
        },
      });
      shop.send(numbered(6, { keys: 3 }));
      await shop.clock.advance(1_000);
      assert.deepEqual(shop.values().toSorted(), [0, 2, 3, 5]);
      assert.deepEqual(shop.letters.map(({ key }) => key), ["key-1", "key-1"]);
      assert.match(shop.letters[0].row.error, /key-1.*plain data/);
      shop.close();
    }
  });

  it("bury also an item and an error that are larger than anything", async () => {
    const shop = new Shop({
      turn: { retries: { attempts: 1 } },
      hire: () => null,
      work(_worker, { value }) {
        if (value === 0) {
          throw Object.assign(new Error("x".repeat(20_000_000)), { stack: "y".repeat(20_000_000) });
        }
      },
    });
    shop.send(numbered(2));
    await shop.clock.advance(1_000);
    assert.equal(shop.letters.length, 1);
    assert.match(shop.letters[0].row.error, /^xxx/);
    assert.equal(shop.department.figures().materials, 2);
    shop.send([{ key: "\u0000".repeat(1_000), value: 0 }]);
    await shop.clock.advance(1_000);
    assert.equal(shop.letters[1].row.material, JSON.stringify({ key: "\u0000".repeat(1_000), value: 0 }));
    shop.close();
  });
});
