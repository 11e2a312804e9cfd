import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sleep } from "../../src/core/mod.ts";
import { numbered, Shop } from "./shop.ts";

describe("a barrier", () => {
  it("leaves behind the products of every item before it, and before those of every item behind it", async () => {
    const shop = new Shop({
      hire: () => null,
      work: (worker, { value }, ship) => ship("out", { key: worker.key, value }),
    }, { conveyorBatches: 2 });
    for (const from of [0, 300, 600]) {
      shop.send(numbered(300, { from }));
      shop.barrier();
    }
    shop.barrier();
    await shop.clock.advance(1_000);
    assert.deepEqual(shop.barriers, [
      { epoch: 1, settle: false, products: 300 },
      { epoch: 2, settle: false, products: 600 },
      { epoch: 3, settle: false, products: 900 },
      { epoch: 4, settle: false, products: 900 },
    ]);
    for (const { epoch, row: { value } } of shop.out) assert.equal(epoch, 1 + Math.floor(value / 300));
    shop.close();
  });

  /** A workshop with one item that is done, one whose turn is under way and one that waits to be tried again. */
  async function busyShop(): Promise<Shop> {
    let failed = false;
    const shop: Shop = new Shop({
      turn: { retries: { minMs: 1_000, jitter: 0 } },
      hire: () => null,
      async work(worker, { value }, ship) {
        if (value === 1) await sleep(shop.clock, 500);
        if (value === 2 && !failed) {
          failed = true;
          throw new Error("odd");
        }
        ship("out", { key: worker.key, value });
      },
    });
    shop.send(numbered(3));
    await shop.clock.advance(10);
    return shop;
  }

  it("waits neither for turns under way nor for retries: their products belong to a later epoch", async () => {
    const shop = await busyShop();
    shop.barrier();
    await shop.clock.advance(10);
    assert.deepEqual(shop.barriers, [{ epoch: 1, settle: false, products: 1 }]);
    await shop.clock.advance(700);
    shop.barrier();
    await shop.clock.advance(2_000);
    assert.deepEqual(shop.out.map(({ row, epoch }) => [row.value, epoch]), [[0, 1], [1, 2], [2, 3]]);
    shop.close();
  });

  it("that is to settle waits for both, and for whatever they lead to", async () => {
    const shop = await busyShop();
    shop.barrier({ settle: true });
    await shop.clock.advance(900);
    assert.deepEqual(shop.barriers, []);
    await shop.clock.advance(200);
    assert.deepEqual(shop.barriers, [{ epoch: 1, settle: true, products: 3 }]);
    assert.deepEqual(shop.out.map(({ row, epoch }) => [row.value, epoch]), [[0, 1], [1, 1], [2, 1]]);
    shop.close();
  });

  it("that is to settle isn't held up by what begins while it waits for the conveyor", async () => {
    const shop = new Shop({
      contract: { idleMs: 100 },
      hire: () => null,
      work(worker, { value }, ship) {
        ship("out", { key: worker.key, value });
        worker.after(50, "tick");
      },
      onTimer: (worker, _name, ship) => ship("last", { key: worker.key, value: 1 }),
      dismiss: (worker, ship) => ship("last", { key: worker.key, value: 2 }),
    }, { conveyorBatches: 1 });
    shop.open = false;
    await shop.give("a", 0);
    await shop.give("a", 1);
    shop.barrier({ settle: true });
    await shop.clock.advance(1_000);
    assert.deepEqual(shop.barriers, []);
    shop.releaseAll();
    await shop.clock.advance(100);
    assert.deepEqual(shop.barriers, [{ epoch: 1, settle: true, products: 2 }]);
    await shop.clock.advance(1_000);
    assert.deepEqual(shop.last.map(({ row, epoch }) => [row.value, epoch]), [[1, 2], [2, 2]]);
    shop.close();
  });

  it("doesn't wait for timers and idle contracts, settling or not", async () => {
    const shop = new Shop({ hire: () => null, work: (worker) => worker.after(60_000, "tick") });
    shop.send(numbered(3));
    shop.barrier({ settle: true });
    await shop.clock.advance(10);
    assert.equal(shop.barriers.length, 1);
    shop.close();
  });

  it("never lets a product into an epoch whose barrier has gone, whatever is under way, however slow the conveyor", async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("send" as const), count: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ do: fc.constant("barrier" as const), settle: fc.boolean() }),
      fc.record({ do: fc.constant("advance" as const), ms: fc.integer({ min: 0, max: 40 }) }),
      fc.constant({ do: "release" as const }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 50 }),
        fc.boolean(),
        fc.nat(),
        async (steps, slow, seed) => {
          const shop: Shop = new Shop({
            turn: { concurrency: 3, retries: { attempts: 2, minMs: 15 } },
            contract: { idleMs: 60 },
            hire: () => ({ failed: new Set<number>() }),
            work(worker, { value }, ship) {
              const product = { key: worker.key, value };
              const finish = () => {
                if (value % 7 === 3 && !failed.has(value)) {
                  failed.add(value);
                  throw new Error("odd");
                }
                ship("out", product);
              };
              return value % 3 ? sleep(shop.clock, value % 31).then(finish) : finish();
            },
            dismiss: (worker, ship) => ship("last", { key: worker.key, value: 0 }),
          }, { seed, conveyorBatches: 2, rows: 20 });
          const failed = new Set<number>();
          shop.open = !slow;
          let sent = 0;
          let epochs = 0;
          for (const next of steps) {
            if (next.do === "send") {
              shop.send(numbered(next.count, { from: sent, keys: 9 }));
              sent += next.count;
            } else if (next.do === "barrier") {
              shop.barrier(next);
              epochs++;
            } else if (next.do === "advance") await shop.clock.advance(next.ms);
            else shop.release();
          }
          shop.releaseAll();
          shop.barrier({ settle: true });
          await shop.clock.advance(30_000);
          assert.deepEqual(
            shop.barriers.map(({ epoch }) => epoch),
            Array.from({ length: epochs + 1 }, (_, i) => i + 1),
          );
          for (const { epoch, products } of shop.barriers) {
            assert.ok(shop.out.slice(0, products).every((arrival) => arrival.epoch <= epoch));
            assert.ok(shop.out.slice(products).every((arrival) => arrival.epoch > epoch));
          }
          assert.equal(shop.barriers.at(-1)!.products, sent);
          assert.deepEqual(shop.values().toSorted((a, b) => a - b), numbered(sent).map(({ value }) => value));
          shop.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});
