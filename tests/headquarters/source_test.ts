import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DepartmentError, SinkError, SourceError } from "../../src/core/mod.ts";
import { generator } from "../../src/sources/mod.ts";
import { NumbersSource } from "../procurement/numbers_source.ts";
import { FakeSink } from "../transport/fake_sink.ts";
import { items, openCounting } from "./counting.ts";

describe("finished", () => {
  it("resolves when the source has ended and everything of it is committed; pushes still work", async () => {
    const { clock, factory, counts } = await openCounting({
      source: new NumbersSource(1_000),
      workshops: 2,
      workMs: 10,
    });
    const summary = await clock.until(factory.finished);
    assert.equal(counts().length, 1_000);
    assert.deepEqual([summary.materials, summary.products], [1_000, { count: 1_000 }]);
    assert.ok(summary.seconds > 0 && summary.itemsPerSecond > 0);
    const { state, epoch } = await clock.until(factory.status());
    assert.equal(state, "open");
    assert.equal(epoch.committed, epoch.current - 1);
    await clock.until(factory.push(items(5), { committed: true }));
    assert.equal(counts().length, 1_005);
    assert.equal((await clock.until(factory.drain())).materials, 1_005);
    assert.equal((await clock.until(factory.finished)).materials, 1_000);
  });

  it("resolves for a source that brings nothing", async () => {
    const empty = await openCounting({ source: new NumbersSource(0) });
    assert.equal((await empty.clock.until(empty.factory.finished)).materials, 0);
    await empty.clock.until(empty.factory.close());
  });

  it("rejects when the source fails, naming it and how far it came; what it gave before is committed", async () => {
    const cut = new NumbersSource(100);
    cut.trouble = { at: 37, error: new Error("cable cut") };
    const thrower = generator(async function* readings() {
      for (const item of items(37)) yield await Promise.resolve(item);
      throw new Error("cable cut");
    });
    for (const source of [cut, thrower]) {
      const { clock, factory, counts } = await openCounting({ source });
      await assert.rejects(clock.until(factory.finished), (error: DepartmentError) => {
        assert.ok(error instanceof DepartmentError);
        assert.equal(error.fields.department, "procurement");
        assert.match(error.message, new RegExp(`${source.name}.*cable cut`));
        assert.match(error.message, /after 37 items/);
        assert.ok(error.cause instanceof SourceError);
        assert.equal(error.cause.fields.items, 37);
        return true;
      });
      await clock.advance(10_000);
      assert.equal(counts().length, 37);
      assert.equal((await clock.until(factory.status())).state, "failed");
      assert.match((await clock.until(factory.health())).live.join(), /cable cut/);
      await assert.rejects(factory.push(items(1)), /cable cut/);
      await clock.until(factory.close());
      assert.equal((await clock.until(factory.status())).state, "failed");
    }
  });
});

describe("a factory", () => {
  it("can't be opened when its source can't; everything is closed again", async () => {
    const source = new NumbersSource(1);
    source.open = () => {
      throw new Error("no such file");
    };
    const sink = new FakeSink();
    await assert.rejects(
      openCounting({ source, sink }),
      (error: Error) =>
        error instanceof SourceError && /source numbers can't be opened: no such file/.test(error.message),
    );
    assert.equal(sink.closed > 0, true);
  });

  it("can't be opened when a sink can't", async () => {
    const sink = new FakeSink();
    sink.open = () => {
      throw new Error("no such disk");
    };
    await assert.rejects(
      openCounting({ sink }),
      (error: Error) =>
        error instanceof SinkError && /sink fake can't be opened: no such disk/.test(error.message),
    );
  });

  it("fails when a sink refuses for good: whatever waits is told", async () => {
    const sink = new FakeSink();
    sink.before = () => {
      throw new SinkError("schema changed", { fields: { final: true } });
    };
    const { clock, factory } = await openCounting({ sink });
    const pushing = assert.rejects(
      factory.push(items(3), { committed: true }),
      /transport failed.*schema changed/,
    );
    await assert.rejects(
      clock.until(factory.finished),
      /transport failed: sink fake refuses: schema changed/,
    );
    await clock.until(pushing);
    await clock.advance(1_000);
    assert.equal((await clock.until(factory.status())).state, "failed");
    await assert.rejects(clock.until(factory.drain()), /schema changed/);
  });
});
