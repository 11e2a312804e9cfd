import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dealSlots, hashKey, slotOf } from "../../src/core/mod.ts";
import type { RosterPage, RosterQuery } from "../../src/headquarters/mod.ts";
import { items, openCounting } from "./counting.ts";

async function openRosters({ keys = 100, workshops = 3 } = {}) {
  const counting = await openCounting({ workshops });
  await counting.clock.until(counting.factory.push(items(keys, { keys })));
  await counting.clock.advance(100);
  const { clock, factory } = counting;
  /** Every page of a query. */
  const pages = async (query: RosterQuery) => {
    const all: RosterPage[] = [];
    let cursor: string | null | undefined;
    do {
      all.push(await clock.until(factory.workers(cursor ? { ...query, cursor } : query)));
      ({ cursor } = all.at(-1)!);
      assert.ok(all.length <= 200, "the cursor leads nowhere");
    } while (cursor !== null);
    return all;
  };
  return { ...counting, pages };
}

describe("workers()", () => {
  it("lists the rosters of all workshops, each worker once, whatever the page's size", async () => {
    const { clock, factory, pages } = await openRosters();
    const expected = items(100, { keys: 100 }).map(({ key }) => key).toSorted();
    for (const limit of [1, 7, 33, 34, 100, 1_000]) {
      const all = await pages({ limit });
      assert.ok(all.every(({ workers }) => workers.length <= limit));
      assert.deepEqual(all.flatMap(({ workers }) => workers.map(({ key }) => key)).toSorted(), expected);
    }
    assert.equal((await clock.until(factory.workers())).workers.length, 100);
    await clock.until(factory.close());
  });

  it("lists one workshop's, or those with a prefix", async () => {
    const { clock, factory, pages } = await openRosters();
    const owners = dealSlots(3);
    for (const workshop of [0, 1, 2]) {
      const workers = (await pages({ workshop, limit: 10 })).flatMap((page) => page.workers);
      assert.ok(workers.length > 10);
      for (const worker of workers) {
        assert.equal(worker.workshop, workshop);
        assert.equal(worker.slot, slotOf(hashKey(worker.key)));
        assert.equal(owners[worker.slot], workshop);
      }
    }
    const some = (await pages({ prefix: "key-7", limit: 4 })).flatMap(({ workers }) => workers);
    assert.equal(some.length, 11);
    assert.deepEqual(await clock.until(factory.workers({ workshop: 9 })), { workers: [], cursor: null });
    await clock.until(factory.close());
  });
});

describe("worker() and dismiss()", () => {
  it("find a key's worker in whichever workshop it is", async () => {
    const { clock, factory } = await openRosters({ keys: 20 });
    for (const { key } of items(20, { keys: 20 })) {
      const worker = await clock.until(factory.worker(key));
      assert.deepEqual([worker!.key, worker!.state, worker!.processed], [key, { count: 1 }, 1]);
    }
    assert.equal(await clock.until(factory.worker("nobody")), undefined);
    assert.equal(await clock.until(factory.dismiss("nobody")), false);
    assert.equal(await clock.until(factory.dismiss("key-3")), true);
    assert.equal(await clock.until(factory.worker("key-3")), undefined);
    assert.equal(await clock.until(factory.dismiss("key-3")), false);
    const { dismissed } = (await clock.until(factory.status())).totals;
    assert.equal(dismissed, 1);
    await clock.until(factory.close());
  });
});
