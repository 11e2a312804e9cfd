import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hashKey, sleep, slotOf } from "../../src/core/mod.ts";
import { numbered, Shop } from "./shop.ts";

async function openShop(keys: number): Promise<Shop> {
  const shop = new Shop({
    contract: { idleMs: 10_000 },
    hire: () => ({ count: 0 }),
    work: (worker) => void worker.state.count++,
  });
  shop.send(numbered(keys, { keys }));
  await shop.clock.advance(10);
  return shop;
}

describe("WorkshopDepartment.workers()", () => {
  it("lists the whole roster, page by page, without states", async () => {
    const shop = await openShop(25);
    const keys: string[] = [];
    const sizes: number[] = [];
    let from: number | null = 0;
    while (from !== null) {
      const page = shop.department.workers({ limit: 10, from });
      assert.ok(page.workers.every((worker) => !("state" in worker)));
      keys.push(...page.workers.map(({ key }) => key));
      sizes.push(page.workers.length);
      from = page.next;
    }
    assert.deepEqual(sizes, [10, 10, 5]);
    assert.deepEqual(keys.toSorted(), numbered(25, { keys: 25 }).map(({ key }) => key).toSorted());
    shop.close();
  });

  it("finds those whose key begins with a prefix, and leaves out who is gone", async () => {
    const shop = await openShop(25);
    shop.department.dismiss("key-11");
    const { workers, next } = shop.department.workers({ prefix: "key-1", limit: 100, from: 0 });
    assert.deepEqual(workers.map(({ key }) => key), [
      "key-1",
      ..."023456789".split("").map((n) => `key-1${n}`),
    ]);
    assert.equal(next, null);
    assert.deepEqual(shop.department.workers({ prefix: "x", limit: 100, from: 0 }), {
      workers: [],
      next: null,
    });
    shop.close();
  });
});

describe("WorkshopDepartment.worker()", () => {
  it("tells all about a worker, with its state, while an item waits on its belt too", async () => {
    const shop: Shop = new Shop({
      contract: { idleMs: 10_000, ageMs: 15_000 },
      hire: () => ({ count: 0 }),
      async work(worker, { value }) {
        worker.state.count++;
        await sleep(shop.clock, value);
      },
    });
    const hiredAt = shop.clock.now();
    await shop.give("a", 10);
    await shop.clock.advance(6_000);
    await shop.give("a", 100);
    await shop.give("a", 100);
    const state = { count: 2 };
    const hash = hashKey("a");
    assert.deepEqual(shop.department.worker("a"), {
      key: "a",
      workshop: 3,
      slot: slotOf(hash),
      state,
      hiredAt,
      renewedAt: hiredAt + 6_000,
      lapsesAt: hiredAt + 15_000,
      processed: 1,
      belt: 2,
    });
    assert.equal(shop.department.worker("b"), undefined);
    shop.close();
  });
});

describe("WorkshopDepartment", () => {
  it("is of no use before it is open, and closing twice does nothing", async () => {
    const shop = await openShop(1);
    shop.close();
    shop.close();
    assert.throws(() => shop.department.figures(), /not open/);
    await shop.clock.advance(60_000);
  });
});
