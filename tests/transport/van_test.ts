import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SinkError } from "../../src/core/mod.ts";
import { SINK_ABANDONED_CALLS, SINK_CLOSE_MS, SINK_MS } from "../../src/core/limits.ts";
import { Histogram } from "../../src/metrics/mod.ts";
import type { Delivery, Sink, SinkCall, SinkPatience, SinkWriter } from "../../src/sinks/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { Van } from "../../src/transport/van.ts";

const delivery: Delivery = {
  type: "a",
  count: 1,
  products: [1],
  keys: ["k"],
  at: 0,
  epoch: 1,
  workshop: 0,
  idempotencyKey: "1-0-1",
};

/** A sink whose n-th write throws `failures[n]`, unless that is undefined; the last one counts on. */
async function openVan(
  { failures = [], patience = {}, ...writer }: Partial<SinkWriter> & {
    failures?: unknown[];
    patience?: SinkPatience;
  } = {},
) {
  const clock = new VirtualClock();
  const attempts: number[] = [];
  const closing = new AbortController();
  const durations = new Histogram();
  const sink: Sink = {
    name: "shelf",
    guarantee: "at-least-once",
    ...patience,
    open: () => ({
      write() {
        const failure = failures[Math.min(attempts.length, failures.length - 1)];
        attempts.push(clock.monotonic());
        if (failure !== undefined) throw failure;
      },
      close() {},
      ...writer,
    }),
  };
  const van = new Van({ sink, clock, signal: closing.signal, durations });
  assert.equal(van.state, "opening");
  await van.open({ settings: {}, products: new Map(), store: undefined, signal: closing.signal, clock });
  return { clock, van, attempts, closing, durations };
}

describe("Van.deliver()", () => {
  it("tries again after longer and longer waits, until the sink takes it", async () => {
    const odd = new Error("disk full");
    const { clock, van, attempts, durations } = await openVan({ failures: [odd, odd, odd, undefined] });
    const delivered = van.deliver(delivery);
    await clock.advance(50);
    assert.deepEqual([van.state, van.error, van.errors], ["retrying", "disk full", 1]);
    await clock.until(delivered);
    assert.deepEqual(attempts, [0, 100, 300, 700]);
    assert.deepEqual([van.state, van.error, van.errors], ["ok", null, 3]);
    assert.deepEqual([durations.snapshot().count, durations.snapshot().sum], [1, 0.7]);
  });

  it("never waits longer than 5 s, and tells since when it has been trying, and how often", async () => {
    const odd = new Error("no route to host");
    const { clock, van, attempts } = await openVan({ failures: [...Array(60).fill(odd), undefined] });
    const began = clock.now();
    const delivered = van.deliver(delivery);
    await clock.advance(200_000);
    assert.deepEqual([van.state, van.since, van.attempts], ["retrying", began, attempts.length]);
    await clock.until(delivered);
    const waits = attempts.slice(1).map((at, i) => at - attempts[i]);
    assert.equal(Math.max(...waits), 5_000);
    assert.deepEqual([van.state, van.since, van.attempts, van.errors], ["ok", null, 0, 60]);
  });

  it("gives up when the sink's patience is over", async () => {
    const { clock, van, attempts } = await openVan({
      failures: [new Error("no route to host")],
      patience: { patienceMs: 10_000 },
    });
    await assert.rejects(clock.until(van.deliver(delivery)), (error: SinkError) => {
      assert.ok(error instanceof SinkError);
      assert.match(error.message, /sink shelf failed for 10 s: no route to host/);
      assert.equal(error.fields.sink, "shelf");
      assert.equal((error.cause as Error).message, "no route to host");
      return true;
    });
    assert.equal(van.state, "failed");
    assert.ok(clock.monotonic() <= 10_000 && attempts.length > 5);
  });

  it("gives up at once when the sink says that trying again is of no use", async () => {
    const final = new SinkError("schema changed", { fields: { final: true, column: "c" } });
    const { clock, van, attempts } = await openVan({ failures: [new Error("odd"), final] });
    await assert.rejects(clock.until(van.deliver(delivery)), (error: SinkError) => {
      assert.match(error.message, /sink shelf refuses: schema changed/);
      assert.deepEqual(error.fields, { sink: "shelf", final: true, column: "c" });
      return true;
    });
    assert.equal(attempts.length, 2);
    assert.equal(van.state, "failed");
  });

  it("stops trying when the factory closes", async () => {
    const { clock, van, closing } = await openVan({ failures: [new Error("odd")] });
    const delivered = van.deliver(delivery);
    const refused = assert.rejects(delivered, /closing/);
    await clock.advance(1_000);
    closing.abort(new Error("closing"));
    await refused;
  });
});

/** A sink whose calls end when the test says so; it may be opened often. */
async function openHanging(
  { timeoutMs, guarantee = "at-least-once" }: { timeoutMs?: number; guarantee?: Sink["guarantee"] } = {},
) {
  const clock = new VirtualClock();
  const closing = new AbortController();
  const calls: (PromiseWithResolvers<void> & { writer: number; call: SinkCall })[] = [];
  const closed: number[] = [];
  let opened = 0;
  const sink: Sink = {
    name: "shelf",
    guarantee,
    timeoutMs,
    open() {
      const writer = opened++;
      return {
        write(_delivery, call) {
          const ends = Promise.withResolvers<void>();
          calls.push({ ...ends, writer, call: call! });
          return ends.promise;
        },
        close: () => void closed.push(writer),
      };
    },
  };
  const { signal } = closing;
  const van = new Van({ sink, clock, signal, durations: new Histogram() });
  await van.open({ settings: {}, products: new Map(), store: undefined, signal, clock });
  return { clock, van, calls, closed, closing };
}

describe("a call that hangs", () => {
  it("has failed at its deadline, is told so, and is made again when it has ended", async () => {
    const { clock, van, calls, closed } = await openHanging();
    const delivered = van.deliver(delivery);
    await clock.advance(SINK_MS - 1);
    assert.deepEqual([van.state, calls[0].call.signal.aborted], ["ok", false]);
    await clock.advance(1);
    assert.deepEqual([van.state, calls[0].call.signal.aborted], ["retrying", true]);
    assert.match(van.error!, /not answered within 300000 ms/);
    await clock.advance(10_000);
    assert.equal(calls.length, 1, "calls never overlap");
    calls[0].reject(new Error("too late to be of interest"));
    await clock.advance(0);
    assert.deepEqual(calls.map(({ writer }) => writer), [0, 0]);
    calls[1].resolve();
    await clock.until(delivered);
    assert.deepEqual([van.state, van.errors, closed], ["ok", 1, []]);
  });

  it("and is late doesn't count, though it succeeds", async () => {
    const { clock, van, calls } = await openHanging({ timeoutMs: 500 });
    let taken = false;
    const delivered = van.deliver(delivery).then(() => taken = true);
    await clock.advance(550);
    calls[0].resolve();
    await clock.advance(400);
    assert.deepEqual([taken, calls.length], [false, 2]);
    calls[1].resolve();
    await clock.until(delivered);
  });

  it("and never ends costs its writer; the old one is closed when its call ends after all", async () => {
    const { clock, van, calls, closed } = await openHanging({ timeoutMs: 1_000 });
    const delivered = van.deliver(delivery);
    await clock.advance(2_099);
    assert.equal(calls.length, 1);
    await clock.advance(1);
    assert.deepEqual(calls.map(({ writer }) => writer), [0, 1]);
    calls[1].resolve();
    await clock.until(delivered);
    assert.deepEqual([van.state, closed], ["ok", []]);
    calls[0].resolve();
    await clock.advance(0);
    assert.deepEqual(closed, [0]);
    await van.close();
    assert.deepEqual(closed, [0, 1]);
  });

  it("and never ends is not made again and again without bound", async () => {
    const { clock, van, calls, closing } = await openHanging({ timeoutMs: 10 });
    const refused = assert.rejects(van.deliver(delivery), /closing/);
    await clock.advance(600_000);
    assert.equal(calls.length, SINK_ABANDONED_CALLS + 1);
    assert.equal(van.state, "retrying");
    calls[3].resolve();
    await clock.advance(60_000);
    assert.equal(calls.length, SINK_ABANDONED_CALLS + 2);
    closing.abort(new Error("closing"));
    await clock.advance(60_000);
    await refused;
  });

  it("is waited for to the end where it writes into the store's transaction, and its end counts", async () => {
    const { clock, van, calls } = await openHanging({ timeoutMs: 10, guarantee: "exactly-once" });
    const delivered = van.deliver(delivery);
    await clock.advance(600_000);
    assert.deepEqual([calls.length, van.state], [1, "retrying"]);
    calls[0].resolve();
    await clock.until(delivered);
    assert.deepEqual([calls.length, van.state], [1, "ok"]);

    const failing = van.deliver(delivery);
    await clock.advance(1_000);
    calls[1].reject(new Error("odd"));
    await clock.advance(5_010); // its attempt has failed, and the next one is under way
    assert.deepEqual([calls.length, van.error], [3, "it has not answered within 10 ms"]);
    calls[2].resolve();
    await clock.until(failing);
  });

  it("has a moment to end when the factory closes", async () => {
    const one = await openHanging();
    const delivered = one.van.deliver(delivery);
    one.closing.abort(new Error("closing"));
    assert.ok(one.calls[0].call.signal.aborted);
    one.calls[0].resolve();
    await one.clock.until(delivered);

    const two = await openHanging();
    const refused = assert.rejects(two.van.deliver(delivery), /closing/);
    two.closing.abort(new Error("closing"));
    await two.clock.advance(SINK_CLOSE_MS);
    await refused;
  });
});

describe("Van.flush()", () => {
  it("tries again as well, and does nothing where there is no flush", async () => {
    let flushes = 0;
    const { clock, van } = await openVan({
      flush() {
        if (++flushes < 3) throw new Error("odd");
      },
    });
    await clock.until(van.flush());
    assert.equal(flushes, 3);
    await (await openVan()).van.flush();
  });
});

describe("Van.open()", () => {
  it("names the sink that can't be opened", async () => {
    const sink: Sink = {
      name: "shelf",
      guarantee: "at-least-once",
      open() {
        throw new Error("no such place");
      },
    };
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    const van = new Van({ sink, clock, signal, durations: new Histogram() });
    await assert.rejects(
      van.open({ settings: {}, products: new Map(), store: undefined, signal, clock }),
      (error: Error) =>
        error instanceof SinkError && /sink shelf can't be opened: no such place/.test(error.message),
    );
    assert.equal(van.state, "failed");
    await van.close();
    assert.equal(van.state, "failed");
  });
});
