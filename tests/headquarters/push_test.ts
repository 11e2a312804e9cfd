import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers";
import { z } from "zod";
import { BusyError, OptionsError } from "../../src/core/mod.ts";
import type { Admission } from "../../src/headquarters/mod.ts";
import { Accidents, inline } from "../../src/testing/mod.ts";
import { scratch } from "../store/scratch.ts";
import { items, openCounting } from "./counting.ts";
import { deathsDuring } from "./deaths.ts";
import { entries, openTally, shipped, tally } from "./tally.ts";

const fresh = scratch();

describe("push()", () => {
  it("admits what fits, and describes the rest by its index", async () => {
    const { clock, factory, counts } = await openCounting({ workshops: 2 });
    const admission = await clock.until(factory.push([
      { key: "a", value: 1 },
      { key: "a" },
      { key: "", value: 2 },
      "odd",
      { key: "b", value: 3 },
    ]));
    assert.equal(admission.accepted, 2);
    assert.deepEqual(admission.rejected.map(({ index }) => index), [1, 2, 3]);
    assert.match(admission.rejected[0].errors.join(), /value/);
    const summary = await clock.until(factory.drain());
    assert.equal(summary.rejected, 3);
    assert.deepEqual(summary.rejections.map(({ place }) => place), [
      "pushed item 1",
      "pushed item 2",
      "pushed item 3",
    ]);
    assert.deepEqual(counts().map(({ value }) => value).toSorted(), [1, 3]);
  });

  it("resolves when the items are admitted, or, if so asked, when they are committed", async () => {
    const { clock, factory, counts } = await openCounting({ epochMs: 1_000 });
    await clock.until(factory.push(items(3)));
    assert.ok(clock.monotonic() < 100);
    await clock.until(factory.push(items(3, { from: 3 }), { committed: true }));
    assert.ok(clock.monotonic() >= 1_000 && clock.monotonic() < 2_500);
    assert.equal(counts().length, 6);
    assert.equal((await clock.until(factory.status())).epoch.committed, 1);
    await clock.until(factory.close());
  });

  it("waits for no commit when nothing is admitted", async () => {
    const { clock, factory } = await openCounting();
    assert.deepEqual(await clock.until(factory.push([], { committed: true })), { accepted: 0, rejected: [] });
    assert.equal((await clock.until(factory.push(["odd"], { committed: true }))).rejected.length, 1);
    await clock.until(factory.close());
  });

  it("fails after waitMs, and says what it has admitted by then", async () => {
    const { clock, factory, counts } = await openCounting({ ratePerSecond: 100 });
    const given = [...items(2), "odd", ...items(1_000, { from: 2 })];
    let admission: Admission | undefined;
    await assert.rejects(clock.until(factory.push(given, { waitMs: 1_000 })), (error: BusyError) => {
      assert.ok(error instanceof BusyError);
      assert.equal(typeof error.fields.retryAfterMs, "number");
      admission = error.fields.admission as Admission;
      return true;
    });
    assert.deepEqual(admission!.rejected.map(({ index }) => index), [2]);
    await clock.advance(60_000);
    assert.equal(counts().length, admission!.accepted);
    await clock.until(factory.close());
  });

  it("rejects at once when its signal aborts", async () => {
    const { clock, factory } = await openCounting({ ratePerSecond: 1 });
    const controller = new AbortController();
    const pushing = factory.push(items(100), { signal: controller.signal });
    await clock.advance(100);
    controller.abort(new Error("given up"));
    await assert.rejects(pushing, /given up/);
    await assert.rejects(factory.push(items(1), { signal: controller.signal }), /given up/);
    await clock.until(factory.close());
  });
});

for (const durable of [true, false]) {
  describe(`push() with an idempotency key, ${durable ? "durable" : "in memory"}`, () => {
    const open = () => openTally(durable ? { data: fresh() } : {});

    it("takes nothing the second time, and says what became of the first", async () => {
      const { clock, factory } = await open();
      const given = [...entries(3), "odd", ...entries(2, { from: 3 })];
      const first = await clock.until(factory.push(given, { idempotencyKey: "a" }));
      assert.equal(first.accepted, 5);
      for (const committed of [false, true]) {
        assert.deepEqual(await clock.until(factory.push(given, { idempotencyKey: "a", committed })), first);
      }
      await clock.until(factory.push(given, { idempotencyKey: "b" }));
      const { products } = await clock.until(factory.drain());
      assert.equal(products.sum, 10);
    });

    it("refuses other items under the same key, and takes nothing of them", async () => {
      const { clock, factory } = await open();
      await clock.until(factory.push(entries(3), { idempotencyKey: "a" }));
      await assert.rejects(
        clock.until(factory.push(entries(3, { from: 1 }), { idempotencyKey: "a" })),
        { name: "ShopfloorError", code: "IDEMPOTENCY_CONFLICT", fields: { key: "a" } },
      );
      await assert.rejects(clock.until(factory.push([], { idempotencyKey: "a" })), {
        code: "IDEMPOTENCY_CONFLICT",
      });
      const { products } = await clock.until(factory.drain());
      assert.equal(products.sum, 3);
    });

    it("has the second of two at the same time wait for the first", async () => {
      const { clock, factory } = await open();
      await clock.until(factory.pause());
      const pushes = [1, 2, 3].map(() => factory.push(entries(4), { idempotencyKey: "a" }));
      await clock.advance(100);
      await clock.until(factory.resume());
      const outcomes = await clock.until(Promise.all(pushes));
      assert.deepEqual(outcomes, new Array(3).fill({ accepted: 4, rejected: [] }));
      const { products } = await clock.until(factory.drain());
      assert.equal(products.sum, 4);
    });

    it("may be repeated when the first has come to nothing", async () => {
      const { clock, factory } = await open();
      await clock.until(factory.pause());
      const options = { idempotencyKey: "a", waitMs: 50 };
      const pushes = [factory.push(entries(4), options), factory.push(entries(4), options)];
      for (const push of pushes) await assert.rejects(clock.until(push), BusyError);
      await clock.until(factory.resume());
      await clock.until(factory.push(entries(4), options));
      const { products } = await clock.until(factory.drain());
      assert.equal(products.sum, 4);
    });

    it("refuses a key that is none", async () => {
      const { clock, factory } = await open();
      for (const idempotencyKey of ["", "x".repeat(256), "\ud800", "a\0b"]) {
        await assert.rejects(clock.until(factory.push(entries(1), { idempotencyKey })), OptionsError);
      }
      await clock.until(factory.close());
    });
  });
}

describe("push() with an idempotency key and full lines", () => {
  it("tells again what part was taken, and takes nothing more of it", async () => {
    const { clock, factory } = await openCounting({ ratePerSecond: 100 });
    const options = { waitMs: 1_000, idempotencyKey: "a" };
    const admissions: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      await assert.rejects(clock.until(factory.push(items(1_000), options)), (error: BusyError) => {
        admissions.push(error.fields.admission);
        return error instanceof BusyError;
      });
    }
    const [first, second] = admissions as Admission[];
    assert.ok(first.accepted > 0 && first.accepted < 1_000);
    assert.deepEqual(second, first);
    const { products } = await clock.until(factory.drain());
    assert.equal(products.count, first.accepted);
    await clock.until(factory.close());
  });
});

describe("push() into a durable factory", () => {
  const values = (data: string) => shipped(data).toSorted((a, b) => a - b);

  it("is answered before its items are on a line, which they get to in their order", async () => {
    const data = fresh();
    const { clock, factory } = await openTally({ data, ratePerSecond: 100 });
    for (let i = 0; i < 10; i++) await clock.until(factory.push(entries(30, { from: 30 * i, keys: 1 })));
    assert.ok(clock.monotonic() < 100, "it would take three seconds to buy them");
    await clock.until(factory.drain());
    assert.deepEqual(shipped(data), entries(300).map(({ value }) => value));
  });

  for (const diesAfterMs of [0, 1, 10, 500, 1_000, 1_200, 2_300]) {
    it(`has every item take effect once when the process dies ${diesAfterMs} ms after the answer`, async () => {
      const data = fresh();
      const first = await openTally({ data, ratePerSecond: 1_000 });
      await first.clock.until(first.factory.push(entries(1_500)));
      await first.clock.until(first.factory.push(entries(500, { from: 1_500 }), { idempotencyKey: "a" }));
      await first.clock.advance(diesAfterMs);
      await first.clock.until(first.factory.close());
      const { clock, factory } = await openTally({ data, clock: first.clock });
      const repeated = await clock.until(
        factory.push(entries(500, { from: 1_500 }), { idempotencyKey: "a", committed: true }),
      );
      assert.deepEqual(repeated, { accepted: 500, rejected: [] });
      assert.equal(values(data).length, 2_000, "the repeated push waits for the commit of the first");
      await clock.until(factory.drain());
      assert.deepEqual(values(data), entries(2_000).map(({ value }) => value));
    });
  }

  it("takes effect once whenever the process dies, or not at all if it was not answered", async () => {
    const data = fresh();
    const before = await openTally({ data });
    const { clock } = before;
    await clock.until(before.factory.push(entries(20)));
    const given = entries(3_000, { from: 20 });
    const push = before.factory.push(given, { idempotencyKey: "a", committed: true });
    const copies = await deathsDuring(push, { clock, data, fresh });
    await clock.until(before.factory.close());
    const counts = new Set<number>();
    for (const [index, copy] of copies.entries()) {
      const repeats = index % 2 === 1;
      const again = await openTally({ data: copy, durability: index % 3 === 0 ? "none" : "exactly-once" });
      await again.clock.until(again.factory.close());
      const { clock, factory } = await openTally({ data: copy });
      if (repeats) await clock.until(factory.push(given, { idempotencyKey: "a" }));
      await clock.until(factory.drain());
      const count = values(copy).length;
      if (repeats) assert.equal(count, 3_020);
      counts.add(count);
      assert.deepEqual(values(copy), entries(count).map(({ value }) => value));
    }
    assert.deepEqual([...counts].toSorted((a, b) => a - b), [20, 3_020]);
  });

  it("takes nothing when it is told so, however far it had come when the factory began to drain", async () => {
    const told = new Set<string>();
    for (let rounds = 0; rounds < 40; rounds += 4) {
      const data = fresh();
      const { clock, factory } = await openTally({ data });
      const push = factory.push(entries(20_000)).then(() => "admitted", (error) => error.name);
      for (let round = 0; round < rounds; round++) {
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      await clock.until(factory.drain());
      told.add(await push);
      assert.equal(values(data).length, await push === "admitted" ? 20_000 : 0);
    }
    assert.ok(told.has("ClosedError"));
  });

  for (const department of ["procurement", "transport", "workshop 0"]) {
    it(`has every item take effect once when ${department} dies, again and again`, async () => {
      const data = fresh();
      const accidents = new Accidents();
      const { clock, factory } = await openTally({ data, accidents, ratePerSecond: 5_000, workshops: 2 });
      for (let from = 0; from < 3_000; from += 500) {
        const given = entries(500, { from });
        // The death may come before, while or after it is admitted; under its name it may be tried until it is.
        const push = () =>
          factory.push(given, { idempotencyKey: `from ${from}` }).then(() => true, () => false);
        const first = push();
        await clock.advance(from % 1_000 === 0 ? 0 : 20);
        accidents.kill(department);
        await clock.until(first);
        for (let tries = 0; !await clock.until(push()); tries++) assert.ok(tries < 10, "never admitted");
        await clock.advance(20_000); // more deaths within a minute would end the factory
      }
      await clock.until(factory.drain());
      assert.deepEqual(values(data), entries(3_000).map(({ value }) => value));
    });
  }

  it("goes on with what was admitted after a run without durability", async () => {
    const data = fresh();
    const first = await openTally({ data });
    const inbox = new DatabaseSync(join(data, "inbox.db"));
    inbox.exec("CREATE TRIGGER late BEFORE DELETE ON pushed BEGIN SELECT RAISE(IGNORE); END");
    await first.clock.until(first.factory.push(entries(10), { committed: true }));
    await first.clock.until(first.factory.push(entries(10, { from: 10 })));
    await first.clock.until(first.factory.close());
    inbox.exec("DROP TRIGGER late"); // as if the process had died between the commit and the deletion
    inbox.close();
    const second = await openTally({ data, durability: "none" });
    await second.clock.until(second.factory.push(entries(1, { from: 20 })));
    await second.clock.until(second.factory.drain());
    const { clock, factory } = await openTally({ data });
    await clock.until(factory.drain());
    assert.deepEqual(values(data), entries(21).map(({ value }) => value));
  });

  it("processes, while paused, what was admitted before, and admits nothing", async () => {
    const { clock, factory } = await openTally({ data: fresh(), ratePerSecond: 100 });
    await clock.until(factory.push(entries(300)));
    await clock.until(factory.pause());
    await assert.rejects(clock.until(factory.push(entries(1), { waitMs: 100 })), BusyError);
    await clock.until(factory.checkpoint());
    assert.equal((await clock.until(factory.status())).totals.materials, 300);
    await clock.until(factory.close());
  });

  it("leaves to the next start what a drain has no time for", async () => {
    const data = fresh();
    const first = await openTally({ data, ratePerSecond: 10 });
    await first.clock.until(first.factory.push(entries(1_000)));
    const waiting = first.factory.push(entries(1), { committed: true });
    waiting.catch(() => {});
    await first.clock.advance(10);
    const { materials } = await first.clock.until(first.factory.drain());
    assert.ok(materials > 50 && materials < 200, `${materials} bought in ten seconds`);
    await assert.rejects(waiting, { name: "ClosedError" });
    const { clock, factory } = await openTally({ data });
    await clock.until(factory.drain());
    assert.equal(values(data).length, 1_001);
    assert.deepEqual([...new Set(values(data))], entries(1_000).map(({ value }) => value));
  });

  it("fails clearly when what was admitted is of another schema than the blueprint's", async () => {
    const data = fresh();
    const first = await openTally({ data, ratePerSecond: 1 });
    await first.clock.until(first.factory.push(entries(10)));
    await first.clock.until(first.factory.close());
    const other = { ...tally({ stored: true }), material: z.object({ key: z.string(), value: z.int() }) };
    await assert.rejects(inline(other, { data, clock: first.clock }), {
      name: "StoreError",
      code: "STORE_MISMATCH",
    });
    const { clock, factory } = await openTally({ data, clock: first.clock });
    await clock.until(factory.drain());
    assert.equal(values(data).length, 10);
  });
});
