import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SinkError } from "../../src/core/mod.ts";
import { DELIVERY_PATIENCE_MS } from "../../src/core/limits.ts";
import { Histogram } from "../../src/metrics/mod.ts";
import type { Delivery, Sink, SinkWriter } from "../../src/sinks/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { Van } from "../../src/transport/van.ts";

const delivery: Delivery = {
  type: "a",
  count: 1,
  products: [1],
  keys: ["k"],
  at: 0,
  epoch: 1,
  idempotencyKey: "1-0-1",
};

/** A sink whose n-th write throws `failures[n]`, unless that is undefined; the last one counts on. */
async function openVan({ failures = [], ...writer }: Partial<SinkWriter> & { failures?: unknown[] } = {}) {
  const clock = new VirtualClock();
  const attempts: number[] = [];
  const closing = new AbortController();
  const durations = new Histogram();
  const sink: Sink = {
    name: "shelf",
    guarantee: "at-least-once",
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

  it("never waits longer than 5 s, and gives up when its patience is over", async () => {
    const { clock, van, attempts } = await openVan({ failures: [new Error("no route to host")] });
    await assert.rejects(clock.until(van.deliver(delivery)), (error: SinkError) => {
      assert.ok(error instanceof SinkError);
      assert.match(error.message, /sink shelf failed for 120 s: no route to host/);
      assert.equal(error.fields.sink, "shelf");
      assert.equal((error.cause as Error).message, "no route to host");
      return true;
    });
    assert.equal(van.state, "failed");
    assert.ok(clock.monotonic() <= DELIVERY_PATIENCE_MS && clock.monotonic() > DELIVERY_PATIENCE_MS - 5_001);
    const waits = attempts.slice(1).map((at, i) => at - attempts[i]);
    assert.equal(Math.max(...waits), 5_000);
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
