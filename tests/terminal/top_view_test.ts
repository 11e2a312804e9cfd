import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { FactoryStatus } from "../../src/headquarters/mod.ts";
import type { Inspection } from "../../src/operations/mod.ts";
import { servicesOf } from "../control/figures.ts";
import { type TopRoom, type TopScene, topView } from "../../src/terminal/top_view.ts";

function scene(workshops: number, changes: Partial<Inspection> = {}): TopScene {
  const ids = Array.from({ length: workshops }, (_, id) => id);
  const inspection: Inspection = {
    at: 0,
    itemsPerSecond: 90_000,
    productsPerSecond: 91_000,
    boughtPerSecond: 90_000,
    workers: 5_000,
    totals: { materials: 1, products: 2, retries: 0, deadLetters: 3, hired: 0, dismissed: 0, rejected: 0 },
    latencyMs: { p50: 3.2, p99: 18 },
    lines: ids.map((workshop) => ({
      workshop,
      batches: 4,
      items: 4_000,
      bytes: 1,
      capacityBatches: 8,
      oldestMs: 2.4,
      backPressure: workshop === 0 ? "high" : "ok",
      blocked: 0.5,
      itemsPerSecond: 45_000,
    })),
    workshops: ids.map((id) => ({
      id,
      state: "ok",
      slots: 128,
      workers: 2_500,
      busy: 0.95,
      itemsPerSecond: 45_000,
      turnMs: { p50: 0.008, p99: 0.06 },
      restarts: id,
      heapBytes: 1,
      belted: 0,
      inFlight: 0,
      hotKey: null,
    })),
    warehouse: {
      items: 1,
      bytes: 1,
      capacityBytes: 1,
      products: [{
        type: "average",
        waiting: 8,
        waitingBytes: 1,
        oldestMs: 1,
        delivered: 96_000,
        lastDeliveryAt: null,
        sink: "sqlite",
        sinkState: "retrying",
        sinkError: "locked",
        deliveryErrors: 4,
      }],
    },
    procurement: {
      source: "ndjson",
      state: "buying",
      offset: 0,
      ratePerSecond: null,
      pushWaiting: 0,
      busy: 0,
    },
    transport: { busy: 0 },
    epoch: { current: 12, committed: 11 },
    bottleneck: "workshop 0",
    advice: "workshop 0 is busy 95 %: add workshops or make `work` faster",
    memoryBytes: 412e6,
    staffing: null,
    alarms: [{ kind: "hot-key", subject: "key k", since: 0, message: "key k has 60 %" }],
    ...changes,
  };
  const status: FactoryStatus = {
    name: "mill",
    version: "1",
    runtime: "r 1",
    state: "open",
    workshops,
    uptimeMs: 65_000,
    epoch: inspection.epoch,
    totals: inspection.totals,
    settings: {},
  };
  return { status, inspection };
}

function text(scene: TopScene, room: Partial<TopRoom> = {}): string {
  return topView(scene, { columns: 120, colour: false, ...room }).join("\n");
}

describe("topView()", () => {
  it("shows rate, latency, epoch, bottleneck, alarms, lines, workshops and warehouse", () => {
    const shown = text(scene(2));
    const wanted = [
      "mill is open  up 1 min",
      "90,000 items/s",
      "latency 3.2 ms, p99 18 ms",
      "epoch 12, committed 11",
      "3 dead-lettered",
      "workshop 0 is busy 95 %: add workshops",
      "ALARM hot-key: key k has 60 %",
      "high",
      "95 %",
      "60 µs",
      "retrying",
      "96,000",
    ];
    for (const part of wanted) assert.ok(shown.includes(part), `${part} is not in\n${shown}`);
  });

  it("fits any terminal, and colours add nothing to see", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 64 }),
        (columns, rows, workshops) => {
          const plain = topView(scene(workshops), { columns, rows, colour: false });
          assert.ok(plain.length <= rows);
          for (const line of plain) assert.ok(line.length <= columns, `${line.length} > ${columns}: ${line}`);
          const coloured = topView(scene(workshops), { columns, rows, colour: true });
          assert.deepEqual(coloured.map(stripVTControlCharacters), plain);
        },
      ),
    );
  });

  it("leaves out the columns that matter least when it is narrow", () => {
    const shown = text(scene(2), { columns: 30 });
    assert.match(shown, /^WORKSHOP +BUSY/m);
    assert.doesNotMatch(shown, /IN FLIGHT|TURN P50/);
  });

  it("shows something of every table when it is low, and says how many rows are left out", () => {
    const shown = text(scene(64), { rows: 24 });
    assert.match(shown, /^LINE/m);
    assert.match(shown, /^WORKSHOP/m);
    assert.match(shown, /^PRODUCT/m);
    assert.match(shown, /^and \d+ more$/m);
  });

  it("shows services where there are any", () => {
    const plain = { columns: 160, colour: false };
    assert.equal(topView(scene(1), plain).some((line) => line.startsWith("SERVICE")), false);
    const lines = topView(scene(1, { services: servicesOf(0) }), plain);
    const at = lines.findIndex((line) => line.startsWith("SERVICE"));
    assert.match(lines[at], /ENDPOINTS UP +CALLS\/S +FAILED\/S +RETRIES\/S +WAITING +IN FLIGHT +P50 +P99$/);
    assert.match(lines[at + 2], /^compute-robot +1\/3 +4 +1 +0 +120 +8\/8 +2\.1 s +3\.4 s$/);
  });

  it("says that the connection is gone", () => {
    assert.ok(text({ ...scene(1), notice: "nothing answers" }).includes("nothing answers"));
  });

  it("shows names and keys from outside without the controls in them", () => {
    const alarms = [{ kind: "hot-key" as const, subject: "", since: 0, message: "key \u001b[2J\n is hot" }];
    const [line] = text(scene(1, { alarms })).split("\n").filter((line) => line.startsWith("ALARM"));
    assert.equal(line, "ALARM hot-key: key \\u001b[2J\\u000a is hot");
  });
});
