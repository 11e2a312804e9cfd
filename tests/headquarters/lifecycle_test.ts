import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ClosedError, DeadlineError } from "../../src/core/mod.ts";
import { DRAIN_MS } from "../../src/core/limits.ts";
import { NumbersSource } from "../procurement/numbers_source.ts";
import { FakeSink } from "../transport/fake_sink.ts";
import { items, openCounting } from "./counting.ts";

describe("a factory's life", () => {
  it("goes from open through paused and draining to closed", async () => {
    const { clock, factory } = await openCounting();
    const state = async () => (await clock.until(factory.status())).state;
    assert.equal(await state(), "open");
    await clock.until(factory.pause());
    assert.equal(await state(), "paused");
    assert.equal((await clock.until(factory.procurement())).paused, true);
    await clock.until(factory.resume());
    assert.equal(await state(), "open");
    await clock.until(factory.push(items(3)));
    const draining = factory.drain();
    assert.equal(await state(), "draining");
    assert.deepEqual((await clock.until(factory.health())).ready, ["the factory is draining"]);
    await clock.until(draining);
    assert.equal(await state(), "closed");
    assert.deepEqual((await clock.until(factory.health())).ready, ["the factory is closed"]);
  });

  it("status() tells name, workshops, settings, epochs, time and totals, after the end too", async () => {
    const settings = { tenant: "t" };
    const { clock, factory } = await openCounting({ workshops: 3, settings });
    await clock.until(factory.push([...items(10), { odd: true }], { committed: true }));
    await clock.advance(5_000);
    const { version, runtime, uptimeMs, ...status } = await clock.until(factory.status());
    const totals = {
      materials: 10,
      products: 10,
      retries: 0,
      deadLetters: 0,
      hired: 5,
      dismissed: 0,
      rejected: 1,
    };
    assert.deepEqual(status, {
      name: "counting",
      state: "open",
      workshops: 3,
      settings,
      epoch: { current: 2, committed: 1 },
      totals,
    });
    assert.match(version, /^\d+\.\d+\.\d+/);
    assert.match(runtime, /deno|bun/i);
    assert.ok(uptimeMs >= 5_000);
    await clock.until(factory.drain());
    const last = await clock.until(factory.status());
    assert.deepEqual([last.state, last.totals], ["closed", totals]);
  });

  it("inspections() come once a second until it closes", async () => {
    const { clock, factory } = await openCounting({ workshops: 2 });
    assert.equal(factory.latestInspection(), undefined);
    const ats: number[] = [];
    const loop = (async () => {
      for await (const { at } of factory.inspections()) ats.push(at);
    })();
    const startedAt = clock.now();
    await clock.until(factory.push(items(10)));
    await clock.advance(3_500);
    assert.deepEqual(ats.map((at) => Math.round((at - startedAt) / 1_000)), [1, 2, 3]);
    assert.equal(factory.latestInspection()!.totals.materials, 10);
    assert.equal((await clock.until(factory.lines())).length, 2);
    assert.equal((await clock.until(factory.workshops())).length, 2);
    await clock.until(factory.close());
    await clock.until(loop);
  });
});

describe("pause()", () => {
  it("holds the source and every push, until resume()", async () => {
    const { clock, factory, counts } = await openCounting({
      source: new NumbersSource(1_000),
      ratePerSecond: 100,
    });
    await clock.advance(1_000);
    await clock.until(factory.pause());
    const { materials } = (await clock.until(factory.status())).totals;
    let pushed = false;
    const pushing = factory.push(items(5)).then(() => pushed = true);
    await clock.advance(60_000);
    assert.equal((await clock.until(factory.status())).totals.materials, materials);
    assert.equal(pushed, false);
    await clock.until(factory.resume());
    await clock.until(pushing);
    await clock.until(factory.finished);
    await clock.advance(2_000);
    assert.equal(counts().length, 1_005);
    await clock.until(factory.close());
  });
});

describe("setRate()", () => {
  it("changes the pace, from now on", async () => {
    const { clock, factory } = await openCounting({ source: new NumbersSource(100_000), ratePerSecond: 10 });
    const materials = async () => (await clock.until(factory.status())).totals.materials;
    await clock.advance(10_000);
    assert.ok(Math.abs(await materials() - 100) <= 5);
    await clock.until(factory.setRate(1_000));
    assert.equal((await clock.until(factory.procurement())).ratePerSecond, 1_000);
    await clock.advance(10_000);
    assert.ok(Math.abs(await materials() - 10_100) <= 150);
    await clock.until(factory.setRate(null));
    await clock.until(factory.finished);
    assert.equal(await materials(), 100_000);
    await clock.until(factory.close());
  });
});

describe("checkpoint()", () => {
  it("commits what has been admitted, and resolves to the committed epoch", async () => {
    const { clock, factory, counts } = await openCounting({ epochMs: 60_000 });
    assert.equal(await clock.until(factory.checkpoint()), 0);
    await clock.until(factory.push(items(10)));
    const before = clock.monotonic();
    assert.equal(await clock.until(factory.checkpoint()), 1);
    assert.ok(clock.monotonic() - before < 1_000, "it doesn't wait for the epoch's end");
    assert.equal(counts().length, 10);
    assert.equal(await clock.until(factory.checkpoint()), 1);
    assert.equal((await clock.until(factory.status())).epoch.committed, 1);
    await clock.until(factory.close());
  });
});

describe("drain()", () => {
  it("finishes, delivers and commits what was admitted, retries too, and says what it came to", async () => {
    const { clock, factory, counts, sink } = await openCounting({ workshops: 2, workMs: 2_000 });
    await clock.until(factory.push(items(12, { keys: 6 })));
    const summary = await clock.until(factory.drain());
    assert.equal(counts().length, 12);
    assert.equal(sink.log.at(-1), "flush");
    assert.equal(sink.closed > 0, true);
    const { name, materials, products, hired, epochs, deadLettered } = summary;
    assert.deepEqual({ name, materials, products, hired, deadLettered }, {
      name: "counting",
      materials: 12,
      products: { count: 12 },
      hired: 6,
      deadLettered: 0,
    });
    assert.ok(epochs >= 1);
    assert.deepEqual(await clock.until(factory.finished), summary);
  });

  it("twice is once", async () => {
    const { clock, factory } = await openCounting();
    await clock.until(factory.push(items(3)));
    const [first, second] = [factory.drain(), factory.drain()];
    assert.equal(await clock.until(first), await clock.until(second));
    assert.equal(await clock.until(factory.drain()), await clock.until(first));
  });

  it("stops the source in the middle", async () => {
    const { clock, factory, counts } = await openCounting({
      source: new NumbersSource(100_000),
      ratePerSecond: 100,
    });
    await clock.advance(2_000);
    const { materials } = await clock.until(factory.drain());
    assert.ok(Math.abs(materials - 200) < 20, `${materials} items in 2 s`);
    assert.equal(counts().length, materials);
  });

  it("rejects pushes from then on: what was admitted is committed, the rest is told", async () => {
    const { clock, factory, counts } = await openCounting({ workshops: 2, workMs: 100, ratePerSecond: 100 });
    const pushes = [factory.push(items(5)), factory.push(items(100_000, { from: 5 }))].map((push) =>
      push.then(({ accepted }) => accepted, (error) => error.name)
    );
    await clock.advance(500);
    const draining = factory.drain();
    await assert.rejects(clock.until(factory.push(items(1))), ClosedError);
    const { materials } = await clock.until(draining);
    assert.deepEqual(await clock.until(Promise.all(pushes)), [5, "ClosedError"]);
    assert.ok(materials > 5 && materials < 100, `${materials} items in half a second`);
    assert.equal(counts().length, materials);
  });

  it("closes anyway when it takes too long", async () => {
    const { clock, factory } = await openCounting({ workMs: 2 * DRAIN_MS });
    await clock.until(factory.push(items(1)));
    await assert.rejects(clock.until(factory.drain()), DeadlineError);
    assert.ok(clock.monotonic() < 1.5 * DRAIN_MS);
    assert.equal((await clock.until(factory.status())).state, "closed");
    await assert.rejects(clock.until(factory.finished), DeadlineError);
  });

  it("is refused by a factory that is closed", async () => {
    const { clock, factory } = await openCounting();
    await clock.until(factory.close());
    await assert.rejects(clock.until(factory.drain()), ClosedError);
  });
});

describe("close()", () => {
  it("closes at once: what isn't committed is not delivered", async () => {
    const { clock, factory, counts, sink } = await openCounting({ workMs: 1_000 });
    await clock.until(factory.push(items(10)));
    await clock.advance(500);
    await clock.until(factory.close());
    assert.ok(clock.monotonic() < 1_000);
    await clock.advance(60_000);
    assert.equal(counts().length, 0);
    assert.equal(sink.closed > 0, true);
    assert.equal((await clock.until(factory.finished)).materials, 10);
  });

  it("twice does nothing, and nothing works afterwards but status() and health()", async () => {
    const { clock, factory } = await openCounting();
    await clock.until(Promise.all([factory.close(), factory.close()]));
    await clock.until(factory.close());
    const calls: (() => Promise<unknown>)[] = [
      () => factory.push(items(1)),
      () => factory.pause(),
      () => factory.resume(),
      () => Promise.resolve().then(() => factory.checkpoint()),
      () => factory.workers(),
      () => Promise.resolve().then(() => factory.worker("a")),
      () => Promise.resolve().then(() => factory.dismiss("a")),
      () => factory.warehouse(),
      () => factory.procurement(),
      () => factory.setRate(1),
      () => factory.lines(),
      () => factory.workshops(),
    ];
    for (const call of calls) await assert.rejects(clock.until(call()), ClosedError);
    assert.equal((await clock.until(factory.status())).state, "closed");
  });

  it("rejects pushes under way, and ends taps", async () => {
    const { clock, factory } = await openCounting({ ratePerSecond: 100, epochMs: 60_000 });
    const calls = [factory.push(items(1), { committed: true }), factory.push(items(200_000))];
    const events = factory.tap("count", { key: "nobody" })[Symbol.asyncIterator]().next();
    await clock.advance(500);
    const refused = calls.map((call) => assert.rejects(call, ClosedError));
    await clock.until(factory.close());
    await clock.until(Promise.all(refused));
    assert.equal((await clock.until(events)).done, true);
  });

  it("comes with leaving an `await using`", async () => {
    const sink = new FakeSink();
    const { clock, factory } = await openCounting({ sink });
    await clock.until((async () => {
      await using _factory = factory;
    })());
    assert.equal(sink.closed > 0, true);
  });
});
