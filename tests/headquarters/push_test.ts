import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BusyError } from "../../src/core/mod.ts";
import type { Admission } from "../../src/headquarters/mod.ts";
import { items, openCounting } from "./counting.ts";

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
