import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  buckets,
  emptySnapshot,
  Histogram,
  type HistogramSnapshot,
  mean,
  mergeSnapshots,
  quantile,
  subtractSnapshots,
} from "../../src/metrics/mod.ts";

/** Half a bucket, and what rounding to float32 adds. */
const ERROR = 1 / 24 + 1e-6;

/** Durations from a microsecond to an hour, as likely to be short as long. */
const duration = fc.double({ min: Math.log(1e-6), max: Math.log(3_600), noNaN: true })
  .map((log) => Math.min(3_600, Math.max(1e-6, Math.exp(log))));
const durations = fc.array(duration, { maxLength: 300 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

function recorded(values: readonly number[]): HistogramSnapshot {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram.snapshot();
}

function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1];
}

function close(actual: number, expected: number, error = ERROR): void {
  assert.ok(
    Math.abs(actual - expected) <= expected * error,
    `expected ${expected} within ${error * 100} %, found ${actual}`,
  );
}

/** Sums of floating-point numbers depend on their order. */
function same(actual: HistogramSnapshot, expected: HistogramSnapshot): void {
  assert.deepEqual(trimmed(actual), trimmed(expected));
  close(actual.sum, expected.sum, 1e-9);
}

function trimmed({ counts, count }: HistogramSnapshot): unknown {
  return { counts: counts.slice(0, counts.findLastIndex((n) => n !== 0) + 1), count };
}

describe("Histogram", () => {
  it("record() keeps every quantile within 4.2 % of the exact one", () => {
    fc.assert(fc.property(fc.array(duration, { minLength: 1, maxLength: 300 }), share, (values, q) => {
      close(quantile(recorded(values), q), exactQuantile(values, q));
    }));
  });

  it("record() keeps count, sum and the largest value exactly", () => {
    const snapshot = recorded([0.25, 0.5, 2]);
    assert.equal(snapshot.count, 3);
    assert.equal(snapshot.sum, 2.75);
    assert.equal(snapshot.max, 2);
    assert.equal(quantile(snapshot, 1), 2);
  });

  it("record() with a count is the same as recording so many times", () => {
    fc.assert(fc.property(duration, fc.integer({ min: 1, max: 50 }), (value, count) => {
      const histogram = new Histogram();
      histogram.record(value, count);
      same(histogram.snapshot(), recorded(Array(count).fill(value)));
    }));
  });

  it("record() takes what is out of range as a microsecond or an hour", () => {
    for (const value of [0, -1, 1e-9, NaN, -Infinity]) {
      const snapshot = recorded([value]);
      assert.equal(snapshot.sum, 1e-6);
      close(quantile(snapshot, 0.5), 1e-6);
    }
    for (const value of [3_600, 3_601, 1e12, Infinity]) {
      const snapshot = recorded([value]);
      assert.equal(snapshot.sum, 3_600);
      assert.equal(quantile(snapshot, 0.5), 3_600);
    }
  });

  it("record() counts beyond 32 bits", () => {
    const histogram = new Histogram();
    histogram.record(1, 2 ** 40);
    histogram.record(1);
    assert.deepEqual(buckets(histogram.snapshot(), [2]), [2 ** 40 + 1]);
  });

  it("snapshot() is plain data that later recording does not change", () => {
    const histogram = new Histogram();
    histogram.record(1);
    const snapshot = histogram.snapshot();
    const clone = structuredClone(snapshot);
    histogram.record(2);
    assert.deepEqual(snapshot, clone);
    assert.ok(Array.isArray(snapshot.counts));
    assert.ok(snapshot.counts.length * 8 < 4_096);
  });
});

describe("snapshots", () => {
  it("mergeSnapshots() is what one histogram would hold", () => {
    fc.assert(fc.property(fc.array(durations, { maxLength: 4 }), (parts) => {
      const merged = mergeSnapshots(parts.map(recorded));
      same(merged, recorded(parts.flat()));
      assert.equal(merged.max, Math.max(0, ...parts.flat()));
    }));
  });

  it("mergeSnapshots() leaves what it merges as it was", () => {
    const snapshot = recorded([1]);
    const before = structuredClone(snapshot);
    mergeSnapshots([snapshot, recorded([1, 2])]);
    assert.deepEqual(snapshot, before);
  });

  it("subtractSnapshots() is what was recorded in between", () => {
    fc.assert(
      fc.property(durations, fc.array(duration, { minLength: 1, maxLength: 100 }), share, (a, b, q) => {
        const difference = subtractSnapshots(recorded([...a, ...b]), recorded(a));
        assert.deepEqual(trimmed(difference), trimmed(recorded(b)));
        close(quantile(difference, q), exactQuantile(b, q));
        assert.ok(difference.max >= Math.max(...b) * (1 - 1e-6));
      }),
    );
  });

  it("subtractSnapshots() keeps the mean of what was recorded in between", () => {
    assert.equal(mean(subtractSnapshots(recorded([10, 0.5, 1.5]), recorded([10]))), 1);
  });

  it("subtractSnapshots() of the same snapshot is empty", () => {
    const snapshot = recorded([1, 2, 3]);
    assert.deepEqual(subtractSnapshots(snapshot, snapshot), emptySnapshot());
  });

  it("subtractSnapshots() counts all of a histogram that has begun anew", () => {
    const anew = recorded([1, 5, 5]);
    assert.deepEqual(subtractSnapshots(anew, recorded([1, 1])), anew);
    assert.deepEqual(subtractSnapshots(emptySnapshot(), recorded([1])), emptySnapshot());
  });

  it("mean() is the exact mean", () => {
    assert.equal(mean(recorded([1, 2, 6])), 3);
  });

  it("buckets() counts the values up to each bound", () => {
    const snapshot = recorded([0.001, 0.001, 0.02, 0.3, 4]);
    assert.deepEqual(buckets(snapshot, [0.0005, 0.0025, 0.1, 1, 10]), [0, 2, 3, 4, 5]);
  });

  it("buckets() are off by no more values than lie within 4.2 % of the bound", () => {
    const bounds = fc.uniqueArray(duration, { maxLength: 8 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(fc.property(durations, bounds, (values, bounds) => {
      const found = buckets(recorded(values), bounds);
      bounds.forEach((bound, i) => {
        assert.ok(found[i] >= values.filter((value) => value <= bound * (1 - ERROR)).length);
        assert.ok(found[i] <= values.filter((value) => value <= bound * (1 + ERROR)).length);
      });
    }));
  });

  it("nothing recorded gives 0 everywhere", () => {
    for (const snapshot of [emptySnapshot(), new Histogram().snapshot(), mergeSnapshots([])]) {
      assert.equal(quantile(snapshot, 0.99), 0);
      assert.equal(mean(snapshot), 0);
      assert.deepEqual(buckets(snapshot, [0.1, 1]), [0, 0]);
      assert.equal(snapshot.max, 0);
    }
  });
});
