import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { type Factory, openFactory, type Summary } from "../../mod.ts";
import { inline, VirtualClock } from "../../src/testing/mod.ts";
import means from "./blueprints/means.ts";
import { type Average, plainLoop, readings } from "./readings.ts";

const ITEMS = 20_000;
const DEVICES = 300;
const BLUEPRINT = new URL("./blueprints/means.ts", import.meta.url);

type Options = Parameters<typeof openFactory>[1];

/** The three ways to run the same blueprint. */
const modes: Record<string, (options: Options) => Promise<Summary>> = {
  async inline(options) {
    const clock = new VirtualClock({ seed: 5 });
    const factory = await inline(means, { ...options, clock, workshops: 2 });
    await clock.until(factory.finished);
    return clock.until(factory.drain());
  },
  async "one workshop"(options) {
    return await finish(await openFactory(BLUEPRINT, { ...options, workshops: 1 }));
  },
  async "three workshops"(options) {
    return await finish(await openFactory(BLUEPRINT, { ...options, workshops: 3 }));
  },
};

async function finish(factory: Factory): Promise<Summary> {
  const summary = await factory.finished;
  await factory.close();
  return summary;
}

for (const [mode, run] of Object.entries(modes)) {
  describe(`a factory, ${mode}`, () => {
    it("yields what a plain loop yields, in order for each key", async () => {
      await inDirectory(async (data) => {
        const summary = await run({ data, settings: { items: ITEMS, devices: DEVICES } });
        assert.equal(summary.materials, ITEMS);
        assert.equal(summary.products.average, ITEMS);
        assert.equal(summary.hired, DEVICES);
        assert.equal(summary.deadLettered, 0);
        assert.deepEqual(stored(data), plainLoop(readings(ITEMS, DEVICES)));
      });
    });

    it("dead-letters an item that keeps failing, without a trace in its key's products", async () => {
      await inDirectory(async (data) => {
        const summary = await run({ data, settings: { items: ITEMS, devices: DEVICES, poison: 7 } });
        assert.equal(summary.deadLettered, ITEMS / 1_000);
        assert.match(summary.deadLetters[0].error, /^poison at \d*7$/);
        assert.deepEqual(
          stored(data),
          plainLoop(readings(ITEMS, DEVICES), ({ at }) => at % 1_000 === 7),
        );
      });
    });
  });
}

/** Averages by device, in the order in which they were written. */
function stored(data: string): Map<string, Average[]> {
  const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
  const rows = database.prepare("SELECT device, at, mean, count FROM product_average ORDER BY rowid").all();
  database.close();
  const averages = new Map<string, Average[]>();
  for (const row of rows as unknown as Average[]) {
    const list = averages.get(row.device) ?? [];
    averages.set(row.device, list);
    list.push({ ...row });
  }
  for (const device of [...averages.keys()]) assert.ok(averages.get(device)!.length > 0);
  return averages;
}

async function inDirectory(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "shopfloor-"));
  try {
    await run(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
