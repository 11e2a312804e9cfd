import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClassFigures, WorkshopFigures } from "../../src/metrics/mod.ts";
import { Histogram } from "../../src/metrics/mod.ts";
import { classReports } from "../../src/operations/class_report.ts";
import type { Span } from "../../src/operations/rates.ts";
import { line, procurement, workshop } from "./figures.ts";

function bought(materials: readonly number[]): ClassFigures[] {
  return [
    { name: "a", materials: materials[0], workshops: [0, 1] },
    { name: "b", materials: materials[1], workshops: [2] },
    { name: "c", materials: materials[2], workshops: [2] },
  ];
}

const lines = [
  line({ items: 10, backlogItems: 100, backlogBytes: 5_000 }),
  line({ items: 5, backlogItems: 0, backlogBytes: 0 }),
  line({ items: 1 }),
];

function shopSpan(id: number, materials: number, latencySeconds: number): Span<WorkshopFigures> {
  const latency = new Histogram();
  latency.record(latencySeconds, 10);
  return {
    earlier: workshop(id),
    later: workshop(id, { materials, belted: 7, inFlight: 3, latency: latency.snapshot() }),
    elapsedMs: 2_000,
  };
}

const span = {
  earlier: procurement({ classes: bought([100, 0, 0]), lines }),
  later: procurement({ classes: bought([300, 50, 10]), lines }),
  elapsedMs: 2_000,
};

describe("classReports()", () => {
  it("says nothing without an affinity, or before procurement has answered", () => {
    assert.equal(classReports(undefined, []), undefined);
    const plain = procurement();
    assert.equal(classReports({ earlier: plain, later: plain, elapsedMs: 1_000 }, []), undefined);
  });

  it("sums up over the workshops of each class", () => {
    const [a, b, c] = classReports(span, [shopSpan(0, 400, 0.1), shopSpan(1, 200, 0.1), shopSpan(2, 20, 2)])!;
    const { latencyMs, ...rest } = a;
    assert.deepEqual(rest, {
      name: "a",
      workshops: [0, 1],
      shared: false,
      materials: 300,
      boughtPerSecond: 100,
      itemsPerSecond: 300,
      waiting: 10 + 100 + 5 + 7 + 7,
      inFlight: 6,
      backlogBytes: 5_000,
    });
    assert.ok(latencyMs.p99 > 50 && latencyMs.p99 < 200 && b.latencyMs.p50 > 1_000);
    assert.deepEqual([b.shared, c.shared], [true, true]);
    assert.deepEqual([b.boughtPerSecond, c.boughtPerSecond, c.itemsPerSecond, c.waiting], [25, 5, 10, 8]);
  });

  it("has what is known while a workshop doesn't answer", () => {
    const [a] = classReports(span, [undefined, shopSpan(1, 200, 0.1), undefined])!;
    assert.deepEqual([a.itemsPerSecond, a.inFlight], [100, 3]);
  });
});
