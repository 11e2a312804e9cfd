import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { emptySnapshot, type TransportFigures } from "../../src/metrics/mod.ts";
import { summarize, totalsOf } from "../../src/headquarters/summary.ts";
import { procurement, workshop } from "../operations/figures.ts";

const product = {
  waiting: 0,
  waitingBytes: 0,
  oldestMs: 0,
  lastDeliveryAt: null,
  sink: "fake",
  sinkState: "ok" as const,
  sinkError: null,
  deliveryErrors: 0,
};

const transport: TransportFigures = {
  products: [{ ...product, type: "average", delivered: 70 }, { ...product, type: "alarm", delivered: 5 }],
  items: 0,
  bytes: 0,
  capacityBytes: 1,
  deadLetters: 9,
  busyMs: 0,
  committedEpoch: 12,
  deliveries: emptySnapshot(),
  epochs: emptySnapshot(),
};

const figures = {
  procurement: procurement({ materials: 100, rejected: 7 }),
  workshops: [
    workshop(0, {
      hired: 4,
      dismissed: { idle: 1, asked: 2 },
      retries: 3,
      deadLetters: { error: 2, hire: 1 },
    }),
    workshop(1, { hired: 5, dismissed: { idle: 1 }, retries: 4, deadLetters: { timeout: 3 } }),
  ],
  transport,
};

describe("totalsOf()", () => {
  it("adds up what the departments have counted", () => {
    assert.deepEqual(totalsOf(figures), {
      materials: 100,
      products: 75,
      retries: 7,
      deadLetters: 9,
      hired: 9,
      dismissed: 4,
      rejected: 7,
    });
  });
});

describe("summarize()", () => {
  it("says what a run came to", () => {
    const rejections = [{ place: "line 3", reason: "no JSON" }];
    const deadLetters = [{ key: "a", reason: "error", error: "odd" }];
    assert.deepEqual(summarize(figures, { name: "n", seconds: 4, epochs: 3, rejections, deadLetters }), {
      name: "n",
      materials: 100,
      rejected: 7,
      products: { average: 70, alarm: 5 },
      deadLettered: 9,
      hired: 9,
      dismissed: 4,
      seconds: 4,
      itemsPerSecond: 25,
      epochs: 3,
      rejections,
      deadLetters,
    });
  });

  it("has no rate when no time has passed", () => {
    const nothing = { name: "n", seconds: 0, epochs: 0, rejections: [], deadLetters: [] };
    assert.equal(summarize(figures, nothing).itemsPerSecond, 0);
  });
});
