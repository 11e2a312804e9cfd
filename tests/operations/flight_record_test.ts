import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { FLIGHT_EVENTS, FLIGHT_INSPECTIONS, FLIGHT_RECORDS } from "../../src/core/limits.ts";
import { toWire } from "../../src/core/mod.ts";
import { FlightRecorder, type Inspection } from "../../src/operations/mod.ts";

let folder: string;
let now: number;

function recorder(): FlightRecorder {
  return new FlightRecorder({ name: "mill", version: "1.2.3", runtime: "r 1" }, { now: () => now });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shopfloor-"));
  now = 1_700_000_000_000;
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("FlightRecorder", () => {
  it("writes the last inspections and events, and what the factory failed of", async () => {
    const flight = recorder();
    for (let at = 0; at < FLIGHT_INSPECTIONS + 5; at++) flight.inspect({ at } as Inspection);
    for (let i = 0; i < FLIGHT_EVENTS + 5; i++) flight.tell({ level: "info", event: `e${i}`, message: "" });
    const file = await flight.write(join(folder, "deep/er"), toWire(new Error("the belt has snapped")));
    const record = JSON.parse(readFileSync(file, "utf8"));
    assert.equal(record.name, "mill");
    assert.equal(record.error.message, "the belt has snapped");
    assert.equal(record.inspections.length, FLIGHT_INSPECTIONS);
    assert.equal(record.inspections[0].at, 5);
    assert.equal(record.events.length, FLIGHT_EVENTS);
    assert.deepEqual(record.events.at(-1), {
      at: now,
      level: "info",
      event: `e${FLIGHT_EVENTS + 4}`,
      message: "",
    });
  });

  it("keeps the latest records alone, and nothing but records is removed", async () => {
    writeFileSync(join(folder, "flight-plan.json"), "");
    for (let i = 0; i < FLIGHT_RECORDS + 3; i++, now += 1_000) {
      await recorder().write(folder, toWire(new Error(`${i}`)));
    }
    const records = readdirSync(folder).filter((name) => name !== "flight-plan.json").sort();
    assert.equal(records.length, FLIGHT_RECORDS);
    assert.equal(readdirSync(folder).length, FLIGHT_RECORDS + 1);
    assert.equal(JSON.parse(readFileSync(join(folder, records[0]), "utf8")).error.message, "3");
  });
});
