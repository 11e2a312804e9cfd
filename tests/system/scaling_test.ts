import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { openFactory } from "../../mod.ts";
import { type Average, plainLoop, readings } from "./readings.ts";

const ITEMS = 60_000;
const DEVICES = 300;

describe("a factory that is scaled up and down under load", () => {
  for (const durability of ["exactly-once", "none"] as const) {
    it(`keeps each key's order and state, durability ${durability}`, async () => {
      const data = mkdtempSync(join(tmpdir(), "shopfloor-scaling-"));
      try {
        await using factory = await openFactory(new URL("./blueprints/means.ts", import.meta.url), {
          workshops: 1,
          data,
          durability,
          epochMs: 50,
          ratePerSecond: 40_000,
          settings: { items: ITEMS, devices: DEVICES },
        });
        for (const workshops of [3, 2, 4, 1, 2]) {
          await factory.scale(workshops);
          const status = await factory.status();
          assert.equal(status.workshops, workshops);
          assert.ok(status.totals.materials < ITEMS, "under load");
          const { workers } = await factory.workers({ limit: 1_000 });
          assert.equal(
            new Set(workers.map(({ key }) => key)).size,
            workers.length,
            "nobody is in two places",
          );
        }
        const summary = await factory.drain();
        check(data, summary.materials);
      } finally {
        rmSync(data, { recursive: true, force: true });
      }
    });
  }

  it("refuses numbers that are none, and does nothing when nothing changes", async () => {
    await using factory = await openFactory(new URL("./blueprints/means.ts", import.meta.url), {
      workshops: 1,
      settings: { items: 10, devices: 1 },
      data: mkdtempSync(join(tmpdir(), "shopfloor-scaling-")),
    });
    for (const workshops of [0, 65, 1.5, Number.NaN]) {
      await assert.rejects(factory.scale(workshops), /expected a whole number of workshops from 1 to 64/);
    }
    const { epoch } = await factory.status();
    await factory.scale(1);
    assert.ok((await factory.status()).epoch.current - epoch.current <= 1);
  });
});

function check(data: string, materials: number): void {
  const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
  const rows = database.prepare("SELECT device, at, mean, count FROM product_average ORDER BY rowid").all();
  database.close();
  const averages = Map.groupBy(rows as unknown as Average[], ({ device }) => device);
  assert.equal(rows.length, materials);
  const taken = [...readings(ITEMS, DEVICES)].slice(0, materials);
  for (const [device, list] of plainLoop(taken)) {
    assert.deepEqual(averages.get(device)?.map((row) => ({ ...row })), list, device);
  }
}
