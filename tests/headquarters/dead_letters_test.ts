import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { OptionsError } from "../../src/core/mod.ts";
import { DEAD_LETTERS_PAGE } from "../../src/core/limits.ts";
import type { Factory } from "../../src/headquarters/mod.ts";
import type { VirtualClock } from "../../src/testing/mod.ts";
import { query, scratch } from "../store/scratch.ts";
import { deathsDuring } from "./deaths.ts";
import { entries, mood, openTally, shipped } from "./tally.ts";

const fresh = scratch();

afterEach(() => {
  mood.poisoned = true;
  mood.timers = false;
});

/** Pushes and waits for the commit. */
async function pushed(clock: VirtualClock, factory: Factory, items: readonly unknown[]): Promise<void> {
  await clock.until(factory.push(items, { committed: true }));
}

for (const durable of [true, false]) {
  describe(`dead letters ${durable ? "in a store" : "in memory"}`, () => {
    const open = () => openTally(durable ? { data: fresh() } : {});

    it("are listed page by page, the oldest first, with all that is known of them", async () => {
      const { clock, factory } = await open();
      await pushed(clock, factory, entries(5, { poison: 1 }));
      const first = await clock.until(factory.deadLetters({ limit: 3 }));
      assert.equal(first.total, 5);
      const { stack, at, ...letter } = first.deadLetters[0];
      assert.deepEqual(letter, {
        id: 1,
        key: "key-0",
        reason: "error",
        error: "can't stand 1970-01-02T00:00:00.000Z",
        attempts: 1,
        item: { key: "key-0", value: 0, bad: new Date(86_400_000) },
      });
      assert.match(stack!, /tally/);
      assert.ok(at > 0);
      const second = await clock.until(factory.deadLetters({ limit: 3, cursor: first.cursor! }));
      assert.deepEqual(second.deadLetters.map(({ id }) => id), [4, 5]);
      assert.equal(second.cursor, null);
      await clock.until(factory.close());
    });

    it("are refused a page that makes no sense", async () => {
      const { clock, factory } = await open();
      for (const odd of [{ limit: 0 }, { limit: 1.5 }, { limit: DEAD_LETTERS_PAGE + 1 }, { cursor: "no" }]) {
        await assert.rejects(clock.until(factory.deadLetters(odd)), OptionsError);
      }
      await clock.until(factory.close());
    });

    it("go back through the factory in the order of their arrival, and are gone with the commit", async () => {
      const { clock, factory } = await open();
      await pushed(clock, factory, entries(6, { keys: 1, poison: 1 }));
      mood.poisoned = false;
      assert.equal(await clock.until(factory.replayDeadLetters([5, 1, 3, 99])), 3);
      assert.deepEqual((await clock.until(factory.deadLetters())).deadLetters.map(({ id }) => id), [2, 4, 6]);
      assert.equal(await clock.until(factory.replayDeadLetters()), 3);
      assert.equal((await clock.until(factory.deadLetters())).total, 0);
      assert.equal(await clock.until(factory.replayDeadLetters()), 0);
      const { products } = await clock.until(factory.drain());
      assert.equal(products.sum, 6);
    });

    it("that fail again are new ones, and a replay comes to its end all the same", async () => {
      const { clock, factory } = await open();
      await pushed(clock, factory, entries(4, { poison: 1 }));
      assert.equal(await clock.until(factory.replayDeadLetters()), 4);
      await clock.advance(2_000);
      const { deadLetters } = await clock.until(factory.deadLetters());
      assert.deepEqual(deadLetters.map(({ id }) => id), [5, 6, 7, 8]);
      await clock.until(factory.close());
    });

    it("that stand for no item stay where they are", async () => {
      const { clock, factory } = await open();
      mood.timers = true;
      await pushed(clock, factory, entries(2, { keys: 2 }));
      await clock.advance(2_000);
      const { deadLetters } = await clock.until(factory.deadLetters());
      assert.deepEqual(deadLetters.map(({ reason, item }) => ({ reason, item })), [
        { reason: "timer", item: null },
        { reason: "timer", item: null },
      ]);
      assert.equal(await clock.until(factory.replayDeadLetters()), 0);
      assert.equal((await clock.until(factory.deadLetters())).total, 2);
      assert.equal(await clock.until(factory.purgeDeadLetters([1])), 1);
      assert.equal(await clock.until(factory.purgeDeadLetters()), 1);
      await clock.until(factory.close());
    });

    it("are replayed once by two who ask at the same time", async () => {
      const { clock, factory } = await open();
      await pushed(clock, factory, entries(10, { poison: 1 }));
      mood.poisoned = false;
      const counts = await clock.until(
        Promise.all([factory.replayDeadLetters(), factory.replayDeadLetters([1, 2, 3])]),
      );
      assert.deepEqual(counts, [10, 0]);
      const { products } = await clock.until(factory.drain());
      assert.equal(products.sum, 10);
    });

    it("wait where they are while nothing is admitted", async () => {
      const { clock, factory } = await open();
      await pushed(clock, factory, entries(3, { poison: 1 }));
      await clock.until(factory.pause());
      await assert.rejects(clock.until(factory.replayDeadLetters()), { name: "BusyError" });
      await clock.until(factory.resume());
      mood.poisoned = false;
      assert.equal(await clock.until(factory.replayDeadLetters()), 3);
      await clock.until(factory.close());
    });
  });
}

describe("dead letters of a durable factory", () => {
  it("are there after a restart, and more of them than one page go back", async () => {
    const data = fresh();
    const count = DEAD_LETTERS_PAGE + 10;
    const before = await openTally({ data });
    await pushed(before.clock, before.factory, entries(count, { poison: 1 }));
    await before.clock.until(before.factory.close());
    mood.poisoned = false;
    const { clock, factory } = await openTally({ data });
    assert.equal(await clock.until(factory.replayDeadLetters()), count);
    await clock.until(factory.drain());
    assert.deepEqual(shipped(data).toSorted((a, b) => a - b), entries(count).map(({ value }) => value));
    assert.deepEqual(query(data, "SELECT count(*) AS n FROM dead_letters"), [{ n: 0 }]);
  });

  it("take effect once whenever the process dies in a replay, and others begin", async () => {
    const data = fresh();
    const before = await openTally({ data });
    await pushed(before.clock, before.factory, entries(20, { poison: 2 }));
    mood.poisoned = false;
    const replay = before.factory.replayDeadLetters();
    const copies = await deathsDuring(replay, { clock: before.clock, data, fresh });
    await before.clock.until(before.factory.close());
    let left = 0;
    for (const copy of copies) {
      const { clock, factory } = await openTally({ data: copy });
      const replays = Promise.all([factory.replayDeadLetters(), factory.replayDeadLetters([1, 2])]);
      if ((await clock.until(replays))[0] > 0) left++;
      await clock.until(factory.drain());
      assert.deepEqual(shipped(copy).toSorted((a, b) => a - b), entries(20).map(({ value }) => value));
      assert.deepEqual(query(copy, "SELECT count(*) AS n FROM dead_letters"), [{ n: 0 }]);
    }
    assert.ok(
      left > 0 && left < copies.length,
      `${left} of ${copies.length} died before the replay was kept`,
    );
  });

  it("are let go of when the blueprint has no use for their items any more", async () => {
    const data = fresh();
    const { clock, factory } = await openTally({ data });
    await pushed(clock, factory, entries(2, { poison: 1 }));
    await clock.until(factory.close());
    const database = query(data, "SELECT id FROM dead_letters");
    assert.equal(database.length, 2);
    const { DatabaseSync } = await import("node:sqlite");
    const odd = new DatabaseSync(`${data}/shopfloor.db`);
    odd.exec(`UPDATE dead_letters SET material = '{"other":1}' WHERE id = 1`);
    odd.close();
    mood.poisoned = false;
    const again = await openTally({ data });
    assert.equal(await again.clock.until(again.factory.replayDeadLetters()), 1);
    const { deadLetters } = await again.clock.until(again.factory.deadLetters());
    assert.deepEqual(deadLetters.map(({ id, item }) => ({ id, item })), [{ id: 1, item: { other: 1 } }]);
    assert.equal(await again.clock.until(again.factory.purgeDeadLetters()), 1);
    await again.clock.until(again.factory.drain());
    assert.deepEqual(shipped(data), [1]);
  });
});
