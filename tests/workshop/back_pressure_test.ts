import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sleep } from "../../src/core/mod.ts";
import { BELT_BYTES, BELT_ITEMS } from "../../src/core/limits.ts";
import { type Item, numbered, Shop } from "./shop.ts";

/** Rows that a conveyor's batches of 1,024 bytes hold at most. */
const BATCH_ROWS = 60;

function inOrder(shop: Shop, items: readonly Item[]): void {
  for (const key of new Set(items.map((item) => item.key))) {
    assert.deepEqual(shop.values(key), items.filter((item) => item.key === key).map(({ value }) => value));
  }
}

describe("a conveyor without credit", () => {
  it("stops the director, and with it the line; nothing is lost when it opens again", async () => {
    const items = numbered(20_000);
    const shop = new Shop({
      hire: () => null,
      work: (worker, { value }, ship) => ship("out", { key: worker.key, value }),
    }, { conveyorBatches: 3 });
    shop.open = false;
    shop.send(items);
    await shop.clock.advance(60_000);
    const { products, materials } = shop.department.figures();
    assert.ok(products <= 4 * BATCH_ROWS, `${products} products for 3 batches`);
    assert.equal(materials, products);
    assert.ok(shop.waiting > 100, "the line is full");
    assert.equal(shop.out.length + BATCH_ROWS > products, true);
    shop.releaseAll();
    await shop.clock.advance(1_000);
    assert.equal(shop.waiting, 0);
    inOrder(shop, items);
    shop.close();
  });

  it("stops asynchronous turns too: what is on belts waits there", async () => {
    const items = numbered(5_000, { keys: 50 });
    const shop: Shop = new Shop({
      turn: { concurrency: 20 },
      hire: () => null,
      async work(worker, { value }, ship) {
        await sleep(shop.clock, 1);
        ship("out", { key: worker.key, value });
      },
    }, { conveyorBatches: 3 });
    shop.open = false;
    shop.send(items);
    await shop.clock.advance(60_000);
    const { products, inFlight, belted } = shop.department.figures();
    assert.ok(products <= 4 * BATCH_ROWS + 20, `${products} products for 3 batches`);
    assert.equal(inFlight, 0);
    assert.ok(belted > 0);
    shop.releaseAll();
    await shop.clock.advance(60_000);
    inOrder(shop, items);
    shop.close();
  });

  it("stops retries, timers and good-byes too", async () => {
    const shop: Shop = new Shop({
      contract: { idleMs: 1_000 },
      turn: { retries: { attempts: 3, minMs: 10 } },
      hire: () => ({ failed: false }),
      work(worker, { value }, ship) {
        if (value < 100) return ship("out", { key: worker.key, value });
        if (value % 2 && shop.clock.monotonic() < 5) throw new Error("odd");
        worker.after(500, "tick");
      },
      onTimer: (worker, _name, ship) => ship("out", { key: worker.key, value: 1_000 }),
      dismiss: (worker, ship) => ship("last", { key: worker.key, value: 2_000 }),
    }, { conveyorBatches: 1, rows: 500 });
    shop.open = false;
    const quiet = Array.from({ length: 400 }, (_, i) => ({ key: `quiet-${i}`, value: 100 + i }));
    shop.send(quiet);
    shop.send(numbered(100, { keys: 1 }));
    await shop.clock.advance(10_000);
    const { products } = shop.department.figures();
    assert.ok(products <= 3 * BATCH_ROWS, `${products} products for one batch`);
    shop.releaseAll();
    await shop.clock.advance(10_000);
    assert.equal(shop.values().filter((value) => value === 1_000).length, 400);
    assert.equal(shop.last.length, shop.department.figures().hired);
    assert.equal(shop.department.figures().workers, 0);
    shop.close();
  });

  it("loses nothing, whatever it opens when, whatever is asynchronous", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 1, maxLength: 400 }),
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 }),
        fc.nat(),
        async (durations, pauses, seed) => {
          const shop: Shop = new Shop({
            turn: { concurrency: 4 },
            hire: () => null,
            work(worker, { value }, ship) {
              const product = { key: worker.key, value };
              if (durations[value] < 0) return ship("out", product);
              return sleep(shop.clock, durations[value]).then(() => ship("out", product));
            },
          }, { seed, conveyorBatches: 2, lineBatches: 2, rows: 30 });
          shop.open = false;
          const items = numbered(durations.length, { keys: 7 });
          shop.send(items);
          for (const ms of pauses) {
            await shop.clock.advance(ms);
            shop.release();
          }
          shop.releaseAll();
          await shop.clock.advance(30_000);
          inOrder(shop, items);
          assert.equal(shop.department.figures().belted, 0);
          shop.close();
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("belts", () => {
  it("hold so many items and no more; the rest waits on the line", async () => {
    const shop: Shop = new Shop({
      turn: { concurrency: 1 },
      hire: () => null,
      work: () => sleep(shop.clock, 1_000),
    }, { rows: 2_000 });
    shop.send(numbered(BELT_ITEMS + 40_000, { keys: 1_000 }));
    await shop.clock.advance(500);
    const { belted, inFlight, materials } = shop.department.figures();
    assert.equal(belted + inFlight, BELT_ITEMS);
    assert.equal(materials, BELT_ITEMS);
    assert.ok(shop.waiting > 0);
    await shop.clock.advance(3_000);
    assert.equal(shop.department.figures().materials, BELT_ITEMS + 3);
    shop.close();
  });

  it("hold so many bytes and no more", async () => {
    const shop: Shop = new Shop({
      turn: { concurrency: 1 },
      hire: () => null,
      work: () => sleep(shop.clock, 1_000),
    });
    const keyUnits = 1_000;
    const count = Math.ceil(1.1 * BELT_BYTES / keyUnits);
    shop.send(Array.from({ length: count }, (_, i) => ({ key: `${i}`.padStart(keyUnits, "k"), value: i })));
    await shop.clock.advance(500);
    const { materials } = shop.department.figures();
    assert.ok(materials < count && materials > 0.5 * count, `${materials} of ${count} items`);
    shop.close();
  });
});
