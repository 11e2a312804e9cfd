import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { emptySnapshot, Histogram } from "../../src/metrics/mod.ts";
import { part, perSecond, quantilesMs, recent, share, type Span } from "../../src/operations/rates.ts";

const same = (total: number) => total;

function span(earlier: number, later: number, elapsedMs = 1_000): Span<number> {
  return { earlier, later, elapsedMs };
}

describe("rates", () => {
  it("perSecond() divides by the time that has really passed", () => {
    assert.equal(perSecond(span(100, 600, 2_000), same), 250);
  });

  it("perSecond() counts from 0 when the total has begun anew", () => {
    assert.equal(perSecond(span(100, 30), same), 30);
  });

  it("perSecond() is 0 when there is nothing to compare", () => {
    assert.equal(perSecond(span(0, 100, 0), same), 0);
    assert.equal(perSecond(undefined, same), 0);
  });

  it("share() is the part of the time, at most 1", () => {
    assert.equal(share(span(500, 750), same), 0.25);
    assert.equal(share(span(500, 750, 500), same), 0.5);
    assert.equal(share(span(500, 9_000), same), 1);
  });

  it("part() looks at a part of the figures, old or new", () => {
    assert.deepEqual(
      part({ earlier: [1, 2], later: [3, 5], elapsedMs: 9 }, (list) => list[1]),
      span(2, 5, 9),
    );
    assert.deepEqual(part({ earlier: [1], later: [3, 5], elapsedMs: 9 }, (list) => list[1]), span(5, 5, 9));
  });

  it("recent() is what was recorded in between", () => {
    const histogram = new Histogram();
    histogram.record(10);
    const earlier = histogram.snapshot();
    histogram.record(0.5, 3);
    const later = histogram.snapshot();
    assert.equal(recent({ earlier, later, elapsedMs: 1_000 }, (snapshot) => snapshot).count, 3);
    assert.deepEqual(recent({ earlier, later, elapsedMs: 0 }, (snapshot) => snapshot), emptySnapshot());
  });

  it("quantilesMs() turns seconds into milliseconds", () => {
    const histogram = new Histogram();
    histogram.record(0.004, 99);
    histogram.record(2);
    const { p50, p99 } = quantilesMs(histogram.snapshot());
    assert.ok(Math.abs(p50 - 4) < 0.2 && Math.abs(p99 - 4) < 0.2);
    assert.deepEqual(quantilesMs(emptySnapshot()), { p50: 0, p99: 0 });
  });
});
