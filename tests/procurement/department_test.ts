import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Blueprint, defineBlueprint, keyed } from "../../src/blueprint/mod.ts";
import { BusyError, ClosedError, dealSlots, type ErrorWire, SourceError } from "../../src/core/mod.ts";
import { PUSH_ITEMS, REJECTIONS_SHOWN } from "../../src/core/limits.ts";
import {
  type ProcurementConfig,
  ProcurementDepartment,
  type ProcurementEvent,
} from "../../src/procurement/mod.ts";
import type { Source } from "../../src/sources/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { items, Lines, material } from "./lines.ts";
import { NumbersSource } from "./numbers_source.ts";

function blueprint(source?: Source): Blueprint {
  return defineBlueprint({
    name: "numbers",
    material,
    key: ({ key }) => key,
    products: {},
    workshop: keyed({ hire: () => null, work() {} }),
    source,
  });
}

async function openProcurement(
  { source, batches, open = true, ...config }: Partial<ProcurementConfig> & {
    source?: Source;
    batches?: number;
    open?: boolean;
  } = {},
) {
  const clock = new VirtualClock();
  const lines = new Lines(clock, { workshops: 2, batches });
  lines.open = open;
  const events: ProcurementEvent[] = [];
  const department = new ProcurementDepartment(clock);
  await clock.until(department.open(blueprint(source), {
    config: {
      settings: {},
      input: undefined,
      ratePerSecond: null,
      lingerMs: 5,
      epochMs: 1_000,
      batchBytes: 1_024,
      durability: "none",
      table: dealSlots(2),
      committed: 0,
      offsets: {},
      ...config,
    },
    lines: lines.ports,
    report: (event) => events.push(event),
  }));
  await clock.advance(0);
  return { clock, lines, department, events };
}

describe("ProcurementDepartment.push()", () => {
  it("admits what fits and says what is wrong with the rest, by index", async () => {
    const { clock, lines, department } = await openProcurement();
    const outcome = await clock.until(department.push([
      { key: "a", value: 1 },
      { key: "a", value: "two" },
      { key: "", value: 3 },
      { key: "b", value: 4 },
    ]));
    assert.equal(outcome.accepted, 2);
    assert.equal(outcome.epoch, 1);
    assert.deepEqual(outcome.rejected.map(({ index }) => index), [1, 2]);
    assert.match(outcome.rejected[0].errors.join(), /value/);
    assert.match(outcome.rejected[1].errors.join(), /empty string/);
    await clock.advance(10);
    assert.deepEqual(lines.rows.map(({ item }) => item.value).toSorted(), [1, 4]);
    assert.equal(department.figures().materials, 2);
    assert.equal(department.figures().rejected, 2);
  });

  it("keeps the first rejections, and counts the others", async () => {
    const { clock, department } = await openProcurement();
    await clock.until(department.push(new Array(5 * REJECTIONS_SHOWN).fill("odd")));
    assert.equal(department.figures().rejected, 5 * REJECTIONS_SHOWN);
    assert.equal(department.rejections().length, REJECTIONS_SHOWN);
    assert.equal(department.rejections()[3].place, "pushed item 3");
  });

  it("waits for the commit of its items when so asked", async () => {
    const { clock, department } = await openProcurement();
    let outcome: unknown;
    const pushing = department.push(items(3), { committed: true }).then((value) => outcome = value);
    await clock.advance(5_000);
    assert.equal(outcome, undefined);
    department.committed(1);
    assert.deepEqual(await clock.until(pushing), { accepted: 3, rejected: [], epoch: 1 });
  });

  it("waits for no commit when nothing of it was admitted", async () => {
    const { clock, department } = await openProcurement();
    assert.equal((await clock.until(department.push([], { committed: true }))).accepted, 0);
    assert.equal((await clock.until(department.push([{}], { committed: true }))).rejected.length, 1);
  });

  it("is busy when it must not wait and somebody else does, until that one is admitted", async () => {
    const { clock, lines, department } = await openProcurement({ batches: 1 });
    lines.open = false;
    const pushing = department.push(items(2_000), { committed: true });
    await clock.advance(100);
    assert.equal(department.figures().pushWaiting, 2_000);
    await assert.rejects(department.push(items(1), { wait: false }), (error: BusyError) => {
      assert.ok(error instanceof BusyError);
      assert.equal(error.fields.retryAfterMs, 1_000);
      return true;
    });
    lines.releaseAll();
    await clock.advance(100);
    assert.equal(department.figures().pushWaiting, 0, "it is admitted, and only waits for its commit");
    await clock.until(department.push(items(1), { wait: false }));
    await clock.advance(2_000);
    department.committed(2);
    await clock.until(pushing);
  });

  it("gives up after waitMs of full lines: what it has admitted by then, and nothing beyond, gets through", async () => {
    const { clock, lines, department } = await openProcurement({ batches: 1 });
    lines.open = false;
    const keys = { keys: 1 };
    const given: unknown[] = items(2_000, keys);
    given[3] = "odd";
    const first = department.push(given, { waitMs: 500 });
    const second = department.push(items(1, keys), { waitMs: 700 });
    const refused = (pushing: Promise<unknown>) =>
      clock.until(pushing).then(() => assert.fail("admitted"), (error: BusyError) => {
        assert.ok(error instanceof BusyError, String(error));
        return error.fields as { admission: { accepted: number; rejected: { index: number }[] } };
      });
    const { admission } = await refused(first);
    assert.deepEqual(admission.rejected.map(({ index }) => index), [3]);
    assert.ok(admission.accepted > 20 && admission.accepted < 1_000, `${admission.accepted} accepted`);
    assert.deepEqual((await refused(second)).admission, { accepted: 0, rejected: [] });
    assert.equal(clock.monotonic(), 700);
    assert.equal(department.figures().pushWaiting, 0);
    const next = department.push([{ key: "key-0", value: -1 }]);
    lines.releaseAll();
    await clock.until(next);
    await clock.advance(100);
    const values = lines.rows.map(({ item }) => item.value);
    assert.deepEqual(values, [0, 1, 2, ...values.slice(3, -1).map((_, i) => i + 4), -1]);
    assert.equal(values.length, admission.accepted + 1);
  });

  it("gives up after waitMs when somebody else's items wait for a full line, or buying pauses", async () => {
    const numbers = Array.from({ length: 20_000 }, (_, i) => i);
    const source = new NumbersSource(numbers.length);
    const { clock, lines, department } = await openProcurement({ source, batches: 1, open: false });
    await clock.advance(100);
    await assert.rejects(clock.until(department.push(items(1), { waitMs: 100 })), BusyError);
    department.pause();
    lines.releaseAll();
    await clock.advance(100);
    await assert.rejects(clock.until(department.push(items(1), { waitMs: 100 })), BusyError);
    department.resume();
    await clock.advance(1_000);
    assert.equal(lines.rows.length, department.figures().materials);
    assert.deepEqual(lines.rows.map(({ item }) => item.value).toSorted((a, b) => a - b), numbers);
  });

  it("is busy when too many items are waiting already, but never for one push alone", async () => {
    const { clock, lines, department } = await openProcurement({ batches: 1 });
    lines.open = false;
    const huge = department.push(items(PUSH_ITEMS + 1));
    huge.catch(() => {});
    await assert.rejects(department.push(items(1)), BusyError);
    await department.close();
    await assert.rejects(clock.until(huge), ClosedError);
  });
});

describe("ProcurementDepartment.checkpoint()", () => {
  it("resolves to the epoch that is committed, at once when there is nothing to commit", async () => {
    const { clock, department } = await openProcurement({ committed: 4 });
    assert.equal(await clock.until(department.checkpoint()), 4);
    await clock.until(department.push(items(3)));
    let committed: number | undefined;
    const checkpoint = department.checkpoint().then((epoch) => committed = epoch);
    await clock.advance(100);
    assert.equal(committed, undefined);
    department.committed(5);
    await clock.until(checkpoint);
    assert.equal(committed, 5);
  });
});

describe("ProcurementDepartment.drain()", () => {
  it("stops the source, and settles what is on the lines", async () => {
    const source = new NumbersSource(1_000_000);
    source.waitsAt = 500;
    const { clock, lines, department } = await openProcurement({ source });
    await clock.advance(10);
    const draining = department.drain();
    await clock.advance(10);
    const last = lines.arrivals.map((arrivals) => arrivals.at(-1));
    assert.deepEqual(last.map((arrival) => arrival?.kind === "barrier" && arrival.settle), [true, true]);
    assert.equal(lines.rows.length, 500);
    department.committed(1);
    assert.equal(await clock.until(draining), 1);
    assert.equal(department.figures().state, "closed");
  });

  it("admits nothing behind its last barrier: whoever still pushes is told", async () => {
    const { clock, lines, department } = await openProcurement({ batches: 1 });
    lines.open = false;
    const outcomes: string[] = [];
    const pushing = department.push(items(5_000)).then(() => "admitted", (error) => error.name);
    void pushing.then((outcome) => outcomes.push(outcome));
    await clock.advance(10);
    const draining = department.drain();
    await clock.advance(10);
    await assert.rejects(department.push(items(1)), ClosedError);
    lines.releaseAll();
    await clock.advance(1_000);
    department.committed(1);
    await clock.until(draining);
    await clock.advance(1_000);
    assert.deepEqual(outcomes, ["ClosedError"]);
    for (const arrivals of lines.arrivals) assert.equal(arrivals.at(-1)?.kind, "barrier");
  });

  it("ends a pause, in which pushes and the source wait", async () => {
    const source = new NumbersSource(100);
    const { clock, lines, department } = await openProcurement({ source, ratePerSecond: 10 });
    await clock.advance(100);
    department.pause();
    const pushing = department.push(items(3)).then(() => "admitted", (error) => error.name);
    await clock.advance(1_000);
    assert.equal(department.figures().state, "paused");
    const draining = department.drain();
    await clock.advance(100);
    department.committed(2);
    await clock.until(draining);
    assert.equal(await clock.until(pushing), "ClosedError");
    assert.ok(lines.rows.length > 0 && lines.rows.length < 5);
  });
});

describe("ProcurementDepartment", () => {
  it("reports the end of its source, once, when everything of it is on the lines", async () => {
    const { clock, lines, department, events } = await openProcurement({ source: new NumbersSource(300) });
    await clock.advance(100);
    assert.deepEqual(events, [{ kind: "ended" }]);
    assert.equal(lines.rows.length, 300);
    const { source, state, offset, materials } = department.figures();
    assert.deepEqual({ source, state, offset, materials }, {
      source: "numbers",
      state: "ended",
      offset: 300,
      materials: 300,
    });
    await clock.until(department.push(items(1)));
  });

  it("reports the failure of its source", async () => {
    const source = new NumbersSource(300);
    source.trouble = { at: 120, error: new Error("cable cut") };
    const { clock, events } = await openProcurement({ source });
    await clock.advance(100);
    assert.equal(events.length, 1);
    const { error } = events[0] as { error: ErrorWire };
    assert.equal(error.name, "SourceError");
    assert.equal(error.message, "source numbers failed after 120 items: cable cut");
  });

  it("open() rejects when the source can't be opened", async () => {
    const source = new NumbersSource(1);
    source.open = () => {
      throw new Error("no such file");
    };
    await assert.rejects(openProcurement({ source }), SourceError);
  });

  it("setRate() changes the pace, and figures() tell it", async () => {
    const { clock, lines, department } = await openProcurement({
      source: new NumbersSource(100_000),
      ratePerSecond: 10,
    });
    await clock.advance(10_000);
    assert.ok(Math.abs(lines.rows.length - 100) <= 10, `${lines.rows.length} items in 10 s`);
    department.setRate(1_000);
    assert.equal(department.figures().ratePerSecond, 1_000);
    const before = lines.rows.length;
    await clock.advance(1_000);
    assert.ok(
      Math.abs(lines.rows.length - before - 1_000) <= 150,
      `${lines.rows.length - before} items in 1 s`,
    );
  });

  it("goes on where the last committed epoch ended", async () => {
    const { clock, lines, department } = await openProcurement({
      source: new NumbersSource(100),
      committed: 7,
      offsets: { numbers: { offset: 40, skip: 2 } },
    });
    await clock.advance(10);
    assert.deepEqual(Math.min(...lines.rows.map(({ item }) => item.value)), 42);
    assert.equal(department.figures().epoch, 8);
  });

  it("is of no use before it is open, and closing it twice does nothing", async () => {
    const closed = new ProcurementDepartment(new VirtualClock());
    assert.throws(() => closed.figures(), ClosedError);
    await assert.rejects(closed.push([]), ClosedError);
    await closed.close();
    const { department } = await openProcurement({ source: new NumbersSource(3) });
    await department.close();
    await department.close();
  });
});
