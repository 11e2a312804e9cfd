import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DEAD_LETTERS_PAGE } from "../../src/core/limits.ts";
import { REPLAYED } from "../../src/line/mod.ts";
import { RecentLetters } from "../../src/transport/recent_letters.ts";
import { query, scratch } from "../store/scratch.ts";
import { FakeSink } from "./fake_sink.ts";
import { Yard } from "./yard.ts";

const fresh = scratch();

for (const stored of [true, false]) {
  describe(`TransportDepartment's dead letters, ${stored ? "in a store" : "in memory"}`, () => {
    const openYard = () =>
      new Yard({ workshops: 1, sinks: new FakeSink(), data: stored ? fresh() : undefined }).open();

    it("are there when they are committed, and not before", async () => {
      const yard = await openYard();
      const { clock, department } = yard;
      yard.bury(0, 1, [{ key: "a" }, { key: "b" }]);
      await clock.advance(1_000);
      assert.deepEqual(department.deadLetters({}), { letters: [], total: 0, newest: 0 });
      assert.deepEqual(department.takeLetters({}), []);
      yard.barrier(0, 1);
      await clock.advance(10);
      const { letters, total, newest } = department.deadLetters({ limit: 1 });
      assert.deepEqual([letters.map(({ key }) => key), total, newest], [["a"], 2, 2]);
      await clock.until(department.close());
    });

    it("are taken by one, until they are released or their replay is committed", async () => {
      const yard = await openYard();
      const { clock, department } = yard;
      yard.bury(0, 1, ["a", "b", "c", "d"].map((key) => ({ key })));
      yard.barrier(0, 1);
      await clock.advance(10);
      const taken = (selection: Parameters<typeof department.takeLetters>[0]) =>
        department.takeLetters(selection).map(({ id }) => id);
      assert.deepEqual(taken({ ids: [4, 1], except: [2] }), [1, 4]);
      assert.deepEqual(taken({ except: [2] }), [3]);
      assert.deepEqual(taken({ after: 2 }), []);
      department.releaseLetters([3]);
      yard.ship(0, "a", 2, [{ key: "k", value: 1 }]);
      yard.barrier(0, 2, { source: 7, [REPLAYED]: [1, 4] });
      await clock.advance(1_000);
      assert.deepEqual(department.deadLetters({}).letters.map(({ id }) => id), [2, 3]);
      assert.deepEqual(taken({}), [2, 3]);
      if (stored) assert.deepEqual(department.resumption().offsets, { source: 7 });
      await clock.until(department.close());
    });
  });
}

describe("TransportDepartment.purgeLetters()", () => {
  it("resolves when it is committed, if an epoch is being written", async () => {
    const data = fresh();
    const yard = await new Yard({ workshops: 1, sinks: new FakeSink(), data }).open();
    const { clock, department } = yard;
    yard.bury(0, 1, [{ key: "a" }]);
    yard.barrier(0, 1);
    await clock.advance(10);
    yard.bury(0, 2, [{ key: "b" }]);
    await clock.advance(1_000);
    let purged: number | undefined;
    const purging = department.purgeLetters().then((count) => purged = count);
    await clock.advance(1_000);
    assert.equal(purged, undefined);
    assert.deepEqual(query(data, "SELECT count(*) AS n FROM dead_letters"), [{ n: 1 }]);
    yard.barrier(0, 2);
    assert.equal(await clock.until(purging), 1);
    assert.equal(department.deadLetters({}).letters[0].key, "b");
    await clock.until(department.close());
  });
});

describe("RecentLetters", () => {
  it("keeps the last, and forgets the oldest of more", () => {
    const letters = new RecentLetters();
    const letter = {
      key: "k",
      reason: "error",
      error: "",
      stack: "",
      attempts: 1,
      material: "{}",
      at: 0,
      epoch: 1,
    };
    for (let i = 0; i < DEAD_LETTERS_PAGE + 5; i++) letters.insert(letter);
    assert.equal(letters.count(), DEAD_LETTERS_PAGE);
    assert.equal(letters.list({ limit: 1 })[0].id, 6);
    assert.equal(letters.newest(), DEAD_LETTERS_PAGE + 5);
  });
});
