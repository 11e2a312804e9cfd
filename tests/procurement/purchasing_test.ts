import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SourceError } from "../../src/core/mod.ts";
import { Purchasing } from "../../src/procurement/purchasing.ts";
import type { Rejection } from "../../src/sources/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { openBuyer } from "./lines.ts";
import { NumbersSource } from "./numbers_source.ts";

type Offsets = Readonly<Record<string, unknown>>;

async function openPurchasing(
  source: NumbersSource,
  {
    clock = new VirtualClock(),
    offsets = {} as Offsets,
    ratePerSecond = null as number | null,
    epochMs = 1_000,
  } = {},
) {
  const { buyer, lines } = await openBuyer(clock, { ratePerSecond, epochMs, workshops: 2 });
  const rejections: Rejection[] = [];
  const purchasing = new Purchasing({
    source,
    buyer,
    clock,
    reject: (rejection) => rejections.push(rejection),
  });
  await purchasing.open({ settings: { tenant: "a" }, input: "in.ndjson", offsets });
  return { clock, buyer, lines, rejections, purchasing };
}

/** Numbers that are on the lines, and the offsets of each barrier, with the numbers before it. */
async function bought(source: NumbersSource, options: Parameters<typeof openPurchasing>[1] = {}) {
  const { clock, buyer, lines, purchasing } = await openPurchasing(source, options);
  const running = purchasing.run();
  // Whoever plays transport commits each epoch as it comes.
  while (!["ended", "failed"].includes(purchasing.state)) {
    await clock.advance(5);
    buyer.committed(buyer.epoch - 1);
  }
  await clock.until(running);
  await clock.until(buyer.endEpoch());
  await clock.advance(100);
  const barriers = lines.arrivals[0].flatMap((arrival) => arrival.kind === "barrier" ? [arrival] : []);
  const values = (rows: typeof lines.rows) => rows.map(({ item }) => item.value).toSorted((a, b) => a - b);
  return {
    numbers: values(lines.rows),
    commits: barriers.map(({ epoch, offsets }) => ({
      // As the store keeps them.
      offsets: JSON.parse(JSON.stringify(offsets)) as Offsets,
      numbers: values(lines.rows.filter((row) => row.epoch <= epoch)),
    })),
  };
}

function numbered(total: number): number[] {
  return Array.from({ length: total }, (_, i) => i);
}

describe("Purchasing.run()", () => {
  it("buys a source to its end, in order", async () => {
    const source = new NumbersSource(1_000);
    const { clock, lines, purchasing, buyer } = await openPurchasing(source);
    assert.equal(purchasing.state, "buying");
    await clock.until(purchasing.run());
    assert.equal(purchasing.state, "ended");
    assert.equal(purchasing.offset, 1_000);
    await clock.until(buyer.endEpoch());
    await clock.advance(10);
    assert.deepEqual(lines.rows.map(({ item }) => item.value).toSorted((a, b) => a - b), numbered(1_000));
    for (const arrivals of lines.arrivals) {
      const order = arrivals.flatMap((arrival) => arrival.kind === "row" ? [arrival.item.value] : []);
      assert.deepEqual(order, order.toSorted((a, b) => a - b));
    }
    assert.ok(source.closed > 0);
  });

  it("opens the source with settings, input and the offset of the last commit", async () => {
    const source = new NumbersSource(0);
    await openPurchasing(source, { offsets: { numbers: { offset: 70, skip: 0 } } });
    const { settings, input, offset } = source.opened[0];
    assert.deepEqual({ settings, input, offset }, {
      settings: { tenant: "a" },
      input: "in.ndjson",
      offset: 70,
    });
  });

  it("goes on right behind any commit, however the source cuts its chunks the next time", async () => {
    const cuts = fc.array(
      fc.record({ size: fc.integer({ min: 0, max: 40 }), marked: fc.boolean() }, { noNullPrototype: true }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ).filter((all) => all.some(({ size }) => size > 0));
    const run = fc.record({ cuts, choice: fc.nat() });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 200 }),
        fc.array(run, { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 2, max: 50 }),
        async (total, runs, oddEvery) => {
          const odd = (value: number) => value % oddEvery === 1;
          const found: number[] = [];
          let offsets: Offsets = {};
          for (const { cuts, choice } of runs) {
            const source = Object.assign(new NumbersSource(total, cuts), { odd });
            // Slow, so that epochs end in the middle of chunks.
            const { numbers, commits } = await bought(source, { offsets, ratePerSecond: 400, epochMs: 20 });
            const good = numbered(total).filter((value) => !odd(value));
            assert.deepEqual([...found, ...numbers], good);
            if (commits.length === 0) continue;
            const commit = commits[choice % commits.length];
            found.push(...commit.numbers);
            ({ offsets } = commit);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("goes on right behind a commit in the chunk after some that were skipped altogether", async () => {
    const cuts = [10, 10, 10, 50].map((size) => ({ size, marked: true }));
    const offsets = { numbers: { offset: undefined, skip: 30 } };
    const { commits } = await bought(new NumbersSource(80, cuts), {
      offsets,
      ratePerSecond: 400,
      epochMs: 20,
    });
    assert.ok(commits.length > 3);
    for (const commit of commits) {
      const { numbers } = await bought(new NumbersSource(80, cuts), { offsets: commit.offsets });
      assert.deepEqual([...commit.numbers, ...numbers], numbered(80).slice(30));
    }
  });

  it("begins anew, and skips nothing, when the source isn't replayable", async () => {
    const source = Object.assign(new NumbersSource(30), { replayable: false });
    const { numbers } = await bought(source, { offsets: { numbers: { offset: 10, skip: 5 } } });
    assert.deepEqual(numbers, numbered(30));
    assert.equal(source.opened[0].offset, undefined);
  });

  it("skips nothing when the reader says that its input is another one", async () => {
    const source = Object.assign(new NumbersSource(30), { resumed: false });
    const { numbers, commits } = await bought(source, { offsets: { numbers: { offset: 10, skip: 5 } } });
    assert.deepEqual(numbers, numbered(30));
    assert.deepEqual(commits.at(-1)!.offsets, { numbers: { offset: 30, skip: 0 } });
  });

  it("rejects an item with the place where it stood, and goes on", async () => {
    const source = new NumbersSource(30, [{ size: 20, marked: true }]);
    source.odd = (value) => value === 25;
    source.rejections = [{ place: "line 3", reason: "no JSON" }];
    const { clock, purchasing, rejections } = await openPurchasing(source, {
      offsets: { numbers: { offset: 0, skip: 5 } },
    });
    await clock.until(purchasing.run());
    assert.deepEqual(rejections.slice(0, 2), [source.rejections[0], source.rejections[0]]);
    assert.equal(rejections[2].place, "item 26 of numbers");
    assert.match(rejections[2].reason, /empty string/);
  });

  it("fails when the source does, naming it and how far it came; the items before are bought", async () => {
    for (
      const error of [
        new TypeError("cable cut"),
        new SourceError("numbers: cable cut", { fields: { wire: 7 } }),
      ]
    ) {
      const source = new NumbersSource(100);
      source.trouble = { at: 25, error };
      const { clock, buyer, lines, purchasing } = await openPurchasing(source);
      await assert.rejects(clock.until(purchasing.run()), (failure: SourceError) => {
        assert.ok(failure instanceof SourceError);
        assert.match(failure.message, /numbers.*cable cut/);
        assert.match(failure.message, /after 25 items/);
        assert.deepEqual(failure.fields, {
          source: "numbers",
          items: 25,
          ...(error instanceof SourceError && { wire: 7 }),
        });
        return true;
      });
      assert.equal(purchasing.state, "failed");
      await clock.until(buyer.endEpoch());
      await clock.advance(10);
      assert.equal(lines.rows.length, 25);
      assert.ok(source.closed > 0);
      await clock.until(purchasing.stop());
      assert.equal(purchasing.state, "failed");
    }
  });

  it("says so when the source can't be opened", async () => {
    const source = new NumbersSource(1);
    source.open = () => {
      throw new Error("no such file");
    };
    await assert.rejects(
      openPurchasing(source),
      (error: SourceError) =>
        error instanceof SourceError && /source numbers can't be opened.*no such file/.test(error.message),
    );
  });
});

describe("Purchasing.stop()", () => {
  it("ends a read that waits, and keeps the bookmark behind what was bought", async () => {
    const source = new NumbersSource(100);
    source.waitsAt = 35;
    const { clock, purchasing } = await openPurchasing(source);
    const running = purchasing.run();
    await clock.advance(10_000);
    await clock.until(purchasing.stop());
    await clock.until(running);
    assert.equal(purchasing.state, "closed");
    assert.equal(purchasing.offset, 35);
  });

  it("ends a wait for the pace; what was read and not bought is left to the next start", async () => {
    const source = new NumbersSource(1_000, [{ size: 100, marked: true }]);
    const { clock, buyer, lines, purchasing } = await openPurchasing(source, { ratePerSecond: 10 });
    const running = purchasing.run();
    await clock.advance(5_050);
    await clock.until(purchasing.stop());
    await clock.until(running);
    await clock.until(buyer.endEpoch({ settle: true }));
    await clock.advance(10);
    const { offsets } = lines.arrivals[0].findLast((arrival) => arrival.kind === "barrier")!;
    const count = lines.rows.length;
    assert.ok(count >= 45 && count <= 55, `${count} items in 5 s`);
    assert.deepEqual(offsets, { numbers: { offset: undefined, skip: count } });
    const rest = await bought(new NumbersSource(1_000), { offsets });
    assert.deepEqual(rest.numbers, numbered(1_000).slice(count));
  });

  it("leaves a source that has ended ended", async () => {
    const source = new NumbersSource(5);
    const { clock, purchasing } = await openPurchasing(source);
    await clock.until(purchasing.run());
    await clock.until(purchasing.stop());
    assert.equal(purchasing.state, "ended");
  });
});

describe("Purchasing.committed()", () => {
  it("acknowledges the last chunk that is committed altogether, and nothing beyond", async () => {
    const source = new NumbersSource(100, [{ size: 10, marked: true }]);
    source.waitsAt = 40;
    const { clock, buyer, purchasing } = await openPurchasing(source, { epochMs: 60_000 });
    void purchasing.run();
    await clock.advance(10);
    const epoch = await clock.until(buyer.endEpoch());
    purchasing.committed(epoch - 1);
    assert.deepEqual(source.commits, []);
    purchasing.committed(epoch);
    purchasing.committed(epoch);
    assert.deepEqual(source.commits, [40]);
    await clock.until(purchasing.stop());
  });

  it("fails the source when it can't acknowledge", async () => {
    const source = new NumbersSource(100);
    source.waitsAt = 40;
    source.commitError = new Error("connection lost");
    const { clock, buyer, purchasing } = await openPurchasing(source);
    const failed = assert.rejects(purchasing.run(), /source numbers.*connection lost/);
    await clock.advance(10);
    purchasing.committed(await clock.until(buyer.endEpoch()));
    await clock.until(failed);
    assert.equal(purchasing.state, "failed");
  });
});
