import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backPressure } from "../../src/operations/back_pressure.ts";

const quiet = { blocked: 0, waiting: 0, batches: 2, capacityBatches: 8 };

describe("backPressure()", () => {
  it("is ok while procurement hardly waits and the line has room", () => {
    assert.equal(backPressure(quiet), "ok");
    assert.equal(backPressure({ ...quiet, blocked: 0.1, waiting: 0.1 }), "ok");
  });

  it("is low when procurement waits noticeably", () => {
    assert.equal(backPressure({ ...quiet, blocked: 0.11, waiting: 0.11 }), "low");
    assert.equal(backPressure({ ...quiet, blocked: 0.5, waiting: 0.5 }), "low");
  });

  it("is low when the line is nearly full", () => {
    assert.equal(backPressure({ ...quiet, batches: 5 }), "ok");
    assert.equal(backPressure({ ...quiet, batches: 6 }), "low");
  });

  it("is high when procurement waits for this line most of the time", () => {
    assert.equal(backPressure({ ...quiet, blocked: 0.51, waiting: 0.51 }), "high");
  });

  it("is high on each full line of many that take turns in keeping procurement waiting", () => {
    assert.equal(backPressure({ blocked: 0.06, waiting: 0.96, batches: 8, capacityBatches: 8 }), "high");
    assert.equal(backPressure({ blocked: 0.06, waiting: 0.96, batches: 1, capacityBatches: 8 }), "ok");
  });

  it("is ok on a line that was not granted credit yet", () => {
    assert.equal(backPressure({ ...quiet, batches: 0, capacityBatches: 0 }), "ok");
  });
});
