import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Histogram } from "../../src/metrics/mod.ts";
import { Operator } from "../../src/operations/mod.ts";
import { condense, type Moment } from "../../src/operations/moment.ts";
import { procurement, transport, workshop } from "./figures.ts";
import { ManualClock } from "./manual_clock.ts";

/** A moment at second `second`. */
function moment(second: number, figures: Partial<Moment> = {}): Moment {
  return {
    at: second * 1_000,
    itemsPerSecond: second,
    productsPerSecond: 2 * second,
    latencyMs: { p50: 1, p99: second },
    workers: second,
    memoryBytes: 100 - second,
    epochMs: null,
    ...figures,
  };
}

const seconds = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => moment(from + i));

describe("condense()", () => {
  it("leaves moments alone that are no more than wanted", () => {
    const moments = seconds(0, 10);
    assert.deepEqual(condense(moments, { seconds: 60, points: 60 }), moments);
    assert.deepEqual(condense(moments, { seconds: 4, points: 60 }), moments.slice(-4));
    assert.deepEqual(condense([], { seconds: 60, points: 10 }), []);
  });

  it("takes means of rates, the worst latency, the most memory and the last roster", () => {
    const [first, second] = condense(seconds(10, 20), { seconds: 10, points: 2 });
    assert.deepEqual(first, {
      at: 14_000,
      itemsPerSecond: 12,
      productsPerSecond: 24,
      latencyMs: { p50: 1, p99: 14 },
      workers: 14,
      memoryBytes: 90,
      epochMs: null,
    });
    assert.equal(second.itemsPerSecond, 17);
  });

  it("takes the mean of epochs that were committed, and of latencies of what was shipped", () => {
    const idle = { latencyMs: { p50: 0, p99: 0 } };
    const moments = [moment(10, { epochMs: 100 }), moment(11, idle), moment(12, { epochMs: 300, ...idle })];
    const [merged] = condense(moments, { seconds: 30, points: 3 });
    assert.equal(merged.epochMs, 200);
    assert.deepEqual(merged.latencyMs, { p50: 1, p99: 10 });
  });

  it("changes no point but the last as time goes by", () => {
    const query = { seconds: 100, points: 10 };
    for (let end = 205; end < 230; end++) {
      const before = condense(seconds(0, end), query);
      const after = condense(seconds(0, end + 1), query);
      for (const point of before.slice(1, -1)) {
        assert.ok(
          after.some(({ at, itemsPerSecond }) => at === point.at && itemsPerSecond === point.itemsPerSecond),
        );
      }
      assert.ok(after.length <= 10);
    }
  });

  it("leaves out what the factory was away", () => {
    const moments = [...seconds(0, 10), ...seconds(50, 60)];
    assert.deepEqual(condense(moments, { seconds: 100, points: 10 }).map(({ at }) => at), [9_000, 59_000]);
  });
});

describe("Operator.moments()", () => {
  it("has a moment for every report, with the time that epochs took", async () => {
    const clock = new ManualClock();
    const epochs = new Histogram();
    const inspected = { ...transport(), committedEpoch: 1 };
    const operator = new Operator({
      clock,
      procurement: { figures: () => procurement() },
      workshops: [{ figures: () => workshop(0, { workers: 7 }) }],
      transport: { figures: () => ({ ...inspected, epochs: epochs.snapshot() }) },
      memory: () => 1_000,
    });
    operator.start();
    await clock.advance(1_000);
    epochs.record(0.2);
    epochs.record(0.4);
    await clock.advance(2_000);
    operator.close();
    const moments = operator.moments({ seconds: 60, points: 60 });
    assert.deepEqual(
      moments.map(({ at }) => at),
      [1, 2, 3].map((second) => 1_700_000_000_000 + second * 1_000),
    );
    assert.deepEqual(moments.map(({ epochMs }) => epochMs && Math.round(epochMs)), [null, 300, null]);
    assert.deepEqual([moments[0].workers, moments[0].memoryBytes], [7, 1_000]);
  });
});
