/** What factories in chaos do, and what a plain loop says to it. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fleetReadings, TYPES } from "../../bench/scenarios/fleet_source.ts";
import { query } from "../store/scratch.ts";
import { plainLoop, readings } from "../system/readings.ts";
import type { Job } from "./chaos.ts";

const KEYS = 300;

/** The fleet, from a generator with an offset. */
export const FLEET: Job = {
  name: "fleet",
  asleep: true,
  blueprint: new URL("./blueprints/fleet.ts", import.meta.url),
  prepare: (_folder, items) => ({ settings: { items, keys: KEYS } }),
  check(data, items) {
    const wanted = fleetAverages(items);
    const rows = TYPES.flatMap((type) =>
      query(data, `SELECT device, count, mean FROM "product_${type}" ORDER BY rowid`)
    );
    compare(Map.groupBy(rows, ({ device }) => String(device)), wanted);
    const farewells = query(data, "SELECT device, count FROM product_farewell ORDER BY rowid");
    const asleep = Map.groupBy(farewells, ({ device }) => String(device));
    for (const [device, averages] of wanted) {
      const counts = (asleep.get(device) ?? []).map(({ count }) => Number(count));
      assert.equal(counts.at(-1), averages.length, `${device} has fallen asleep with all it had counted`);
      assert.deepEqual(
        counts,
        [...new Set(counts)].toSorted((a, b) => a - b),
        `${device} said good-bye twice`,
      );
    }
    compareStates(data, wanted);
  },
};

/** The lines of a file. */
export const LINES: Job = {
  name: "lines",
  asleep: false,
  blueprint: new URL("./blueprints/lines.ts", import.meta.url),
  prepare(folder, items) {
    const input = join(folder, "readings.ndjson");
    writeFileSync(input, readings(items, KEYS).map((item) => `${JSON.stringify(item)}\n`).toArray().join(""));
    return { input };
  },
  check(data, items) {
    const wanted = plainLoop(readings(items, KEYS));
    const rows = query(data, "SELECT device, at, mean, count FROM product_average ORDER BY rowid");
    compare(Map.groupBy(rows, ({ device }) => String(device)), wanted);
    compareStates(data, wanted);
  },
};

interface Average {
  count: number;
  mean: number;
}

function fleetAverages(items: number): Map<string, Average[]> {
  const averages = new Map<string, Average[]>();
  for (const { device, value } of fleetReadings(KEYS)(items)) {
    const list = averages.get(device) ?? [];
    averages.set(device, list);
    const count = list.length + 1;
    const before = list.at(-1)?.mean ?? 0;
    list.push({ device, count, mean: before + (value - before) / count } as Average);
  }
  return averages;
}

/** Row by row, key by key. */
function compare(found: Map<string, unknown[]>, wanted: Map<string, Average[]>): void {
  for (const [device, list] of wanted) {
    const rows = (found.get(device) ?? []).map((row) => ({ ...row as Average }));
    const index = list.findIndex((average, index) => average.count !== rows[index]?.count);
    const near = JSON.stringify(rows.slice(Math.max(0, index - 1), index + 3));
    assert.equal(
      index,
      -1,
      `${device} goes wrong at ${index} of ${rows.length} rows, ${list.length} wanted: ${near}`,
    );
    assert.deepEqual(rows, list, device);
  }
  assert.equal(found.size, wanted.size);
}

/** The states that the workers were left with. */
function compareStates(data: string, wanted: Map<string, Average[]>): void {
  const states = query(data, "SELECT key, state FROM worker_state");
  const found = new Map(states.map(({ key, state }) => [String(key), JSON.parse(String(state))]));
  for (const [device, list] of wanted) {
    const { count, mean } = list.at(-1)!;
    assert.deepEqual(found.get(device), { count, mean }, `the state of ${device}`);
  }
  assert.deepEqual(query(data, "SELECT count(*) AS n FROM dead_letters"), [{ n: 0 }]);
}
