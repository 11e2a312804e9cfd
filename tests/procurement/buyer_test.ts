import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ClosedError } from "../../src/core/mod.ts";
import { OPEN_EPOCHS } from "../../src/core/limits.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { accept, type Arrival, items, openBuyer } from "./lines.ts";

function values(arrivals: readonly Arrival[]): number[] {
  return arrivals.flatMap((arrival) => arrival.kind === "row" ? [arrival.item.value] : []);
}

function barriers(arrivals: readonly Arrival[]): number[] {
  return arrivals.flatMap((arrival) => arrival.kind === "barrier" ? [arrival.epoch] : []);
}

describe("Buyer.buy()", () => {
  it("gives a line with nothing to do its rows at once", async () => {
    const clock = new VirtualClock();
    const { buyer, lines } = await openBuyer(clock, { lingerMs: 500 });
    await clock.until(buyer.buy({ items: items(3), reject: accept }));
    await clock.advance(0);
    assert.deepEqual(values(lines.rows), [0, 1, 2]);
  });

  it("keeps rows for a busy line until the linger is over, not longer", async () => {
    const clock = new VirtualClock();
    const { buyer, lines } = await openBuyer(clock, { lingerMs: 50 });
    lines.open = false;
    await clock.until(buyer.buy({ items: items(1), reject: accept }));
    await clock.advance(0);
    await clock.until(buyer.buy({ items: items(1, { from: 1 }), reject: accept }));
    await clock.advance(30);
    await clock.until(buyer.buy({ items: items(1, { from: 2 }), reject: accept }));
    await clock.advance(19);
    assert.deepEqual(values(lines.rows), [0]);
    await clock.advance(1);
    assert.deepEqual(values(lines.rows), [0, 1, 2]);
  });

  for (const lingerMs of [0, 5]) {
    it(`gets lingering rows to a line that had no credit, with a linger of ${lingerMs} ms`, async () => {
      const clock = new VirtualClock();
      const { buyer, lines } = await openBuyer(clock, { lingerMs, batches: 1 });
      lines.open = false;
      await clock.until(buyer.buy({ items: items(1), reject: accept }));
      await clock.until(buyer.buy({ items: items(1, { from: 1 }), reject: accept }));
      await clock.advance(100);
      assert.deepEqual(values(lines.rows), [0]);
      lines.releaseAll();
      await clock.advance(10);
      assert.deepEqual(values(lines.rows), [0, 1]);
    });
  }

  it("resolves only when every item is on a line", async () => {
    const clock = new VirtualClock();
    const { buyer, lines } = await openBuyer(clock, { batches: 2 });
    lines.open = false;
    let bought = false;
    const buying = buyer.buy({ items: items(2_000), reject: accept }).then(() => bought = true);
    await clock.advance(10_000);
    assert.equal(bought, false);
    lines.releaseAll();
    await clock.until(buying);
    await clock.advance(1_000);
    assert.deepEqual(values(lines.rows), items(2_000).map(({ value }) => value));
  });

  it("keeps the set pace", async () => {
    const clock = new VirtualClock();
    const { buyer, lines, router, pace } = await openBuyer(clock, { ratePerSecond: 100 });
    const buying = buyer.buy({ items: items(1_000), reject: accept });
    await clock.advance(2_000);
    assert.ok(router.routed >= 180 && router.routed <= 210, `${router.routed} items in 2 s`);
    pace.set(null);
    await clock.advance(150);
    assert.equal(router.routed, 1_000);
    await clock.until(buying);
    await clock.advance(1_000);
    assert.equal(lines.rows.length, 1_000);
  });

  it("buys for several at once, none of whom keeps the others waiting", async () => {
    const clock = new VirtualClock();
    const { buyer, lines } = await openBuyer(clock, { batches: 16, batchBytes: 65_536 });
    const big = buyer.buy({ items: items(100_000), reject: accept });
    const small = buyer.buy({ items: [{ key: "small", value: -1 }], reject: accept });
    await clock.until(small);
    assert.ok(lines.rows.length < 50_000);
    await clock.until(big);
  });

  it("tells how many items it has dealt with, rejected ones too", async () => {
    const clock = new VirtualClock();
    const { buyer } = await openBuyer(clock);
    const counts: number[] = [];
    const rejected: number[] = [];
    await clock.until(buyer.buy({
      items: [...items(2), { key: "" }, ...items(2)],
      reject: (index) => rejected.push(index),
      bought: (count) => counts.push(count),
    }));
    assert.deepEqual(rejected, [2]);
    assert.equal(counts.at(-1), 5);
  });

  it("gives up when its client does, with the items before that bought", async () => {
    const clock = new VirtualClock();
    const { buyer, router } = await openBuyer(clock, { ratePerSecond: 100 });
    const controller = new AbortController();
    const buying = buyer.buy({ items: items(1_000), reject: accept, signal: controller.signal });
    const refused = assert.rejects(buying, /no more/);
    await clock.advance(1_000);
    controller.abort(new Error("no more"));
    await refused;
    const { routed } = router;
    assert.ok(routed > 50 && routed < 150);
    await clock.advance(1_000);
    assert.equal(router.routed, routed);
  });
});

describe("Buyer.pause()", () => {
  it("holds everybody until resume()", async () => {
    const clock = new VirtualClock();
    const { buyer, lines } = await openBuyer(clock);
    buyer.pause();
    buyer.pause();
    assert.equal(buyer.paused, true);
    const buying = buyer.buy({ items: items(5), reject: accept });
    await clock.advance(60_000);
    assert.equal(lines.rows.length, 0);
    buyer.resume();
    assert.equal(buyer.paused, false);
    await clock.until(buying);
    await clock.advance(0);
    assert.equal(lines.rows.length, 5);
  });
});

describe("Buyer.endEpoch()", () => {
  it("ends an epoch in which something came, behind its rows, and no other", async () => {
    const clock = new VirtualClock();
    const { buyer, lines } = await openBuyer(clock, { workshops: 2, committed: 41, lingerMs: 900 });
    assert.equal(await clock.until(buyer.endEpoch()), 41);
    await clock.until(buyer.buy({ items: items(10), reject: accept }));
    assert.equal(await clock.until(buyer.endEpoch()), 42);
    assert.equal(await clock.until(buyer.endEpoch()), 42);
    assert.equal(buyer.epoch, 43);
    await clock.advance(0);
    for (const arrivals of lines.arrivals) {
      assert.deepEqual(arrivals.at(-1), { kind: "barrier", epoch: 42, offsets: {}, settle: false });
      assert.ok(arrivals.slice(0, -1).every((arrival) => arrival.kind === "row" && arrival.epoch === 42));
    }
    assert.equal(lines.rows.length, 10);
  });

  it("ends it anyway when it is to settle, and says so to every workshop", async () => {
    const clock = new VirtualClock();
    const { buyer, lines } = await openBuyer(clock, { workshops: 3 });
    assert.equal(await clock.until(buyer.endEpoch({ settle: true })), 1);
    await clock.advance(0);
    for (const arrivals of lines.arrivals) {
      assert.deepEqual(arrivals, [{ kind: "barrier", epoch: 1, offsets: {}, settle: true }]);
    }
  });

  it("carries the sources' latest offsets, which are reason enough for an epoch", async () => {
    const clock = new VirtualClock();
    const { buyer, lines } = await openBuyer(clock, { workshops: 2 });
    buyer.moved("a", 1);
    buyer.moved("b", { line: 3 });
    buyer.moved("a", 2);
    await clock.until(buyer.endEpoch());
    buyer.moved("b", { line: 4 });
    await clock.until(buyer.endEpoch());
    await clock.advance(0);
    for (const arrivals of lines.arrivals) {
      assert.deepEqual(arrivals.map((arrival) => arrival.kind === "barrier" && arrival.offsets), [
        { a: 2, b: { line: 3 } },
        { a: 2, b: { line: 4 } },
      ]);
    }
  });

  it("comes by itself every epochMs, but never with more than so many epochs open", async () => {
    const clock = new VirtualClock();
    const { buyer, lines } = await openBuyer(clock, { epochMs: 100 });
    const trickle = async (ms: number) => {
      for (const end = clock.monotonic() + ms; clock.monotonic() < end;) {
        await clock.until(buyer.buy({ items: items(1), reject: accept }));
        await clock.advance(10);
      }
    };
    await trickle(10_000);
    assert.deepEqual(barriers(lines.arrivals[0]), Array.from({ length: OPEN_EPOCHS }, (_, i) => i + 1));
    buyer.committed(2);
    await trickle(1_000);
    assert.deepEqual(barriers(lines.arrivals[0]), Array.from({ length: OPEN_EPOCHS + 2 }, (_, i) => i + 1));
    buyer.committed(OPEN_EPOCHS + 2);
    await clock.advance(1_000);
    const quiet = barriers(lines.arrivals[0]).length;
    await clock.advance(60_000);
    assert.equal(barriers(lines.arrivals[0]).length, quiet, "no epoch ends in which nothing came");
  });
});

describe("Buyer.untilCommitted()", () => {
  it("resolves when transport has committed the epoch or a later one", async () => {
    const clock = new VirtualClock();
    const { buyer } = await openBuyer(clock, { committed: 5 });
    await buyer.untilCommitted(5);
    const settled: number[] = [];
    for (const epoch of [6, 7, 9]) void buyer.untilCommitted(epoch).then(() => settled.push(epoch));
    buyer.committed(6);
    await clock.advance(0);
    assert.deepEqual(settled, [6]);
    buyer.committed(8);
    await clock.advance(0);
    assert.deepEqual(settled, [6, 7]);
  });

  it("never waits for an epoch to which none of the items bought belongs", async () => {
    const clock = new VirtualClock();
    const { buyer } = await openBuyer(clock, { committed: 5 });
    const reject = () => {};
    for (const given of [[], [{ key: "" }]]) {
      assert.ok(await clock.until(buyer.buy({ items: given, reject })) <= 5);
    }
    assert.equal(await clock.until(buyer.buy({ items: [...items(1), { key: "" }], reject })), 6);
  });
});

describe("Buyer.close()", () => {
  it("rejects whoever waits: for a pause to end, credit, the pace, a commit", async () => {
    const clock = new VirtualClock();
    const waits = {
      pause: await openBuyer(clock),
      credit: await openBuyer(clock, { batches: 1 }),
      pace: await openBuyer(clock, { ratePerSecond: 1 }),
    };
    waits.pause.buyer.pause();
    waits.credit.lines.open = false;
    const refused = Object.values(waits).map(({ buyer }) =>
      assert.rejects(buyer.buy({ items: items(5_000), reject: accept }), ClosedError)
    );
    refused.push(assert.rejects(waits.pause.buyer.untilCommitted(3), ClosedError));
    await clock.advance(500);
    for (const { buyer } of Object.values(waits)) {
      buyer.close();
      buyer.close();
      await assert.rejects(buyer.buy({ items: items(1), reject: accept }), ClosedError);
      await assert.rejects(buyer.untilCommitted(3), ClosedError);
    }
    await clock.until(Promise.all(refused));
    await clock.advance(60_000);
  });
});
