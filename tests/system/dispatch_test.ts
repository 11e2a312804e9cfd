import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { CLASSES, deviceList } from "../../examples/dispatch/devices.ts";
import { databaseOf, openPlant, type Plant } from "../../examples/dispatch/leases/plant.ts";

const DEVICES = 3_000;
const TTL_MS = 2_000;
/** Beyond the lease's time: for a machine that has other things to do. */
const MARGIN_MS = 15_000;

interface Row {
  readonly device: string;
  readonly token: number;
}

/** The results of a class, in the order in which they were committed. */
function rowsOf(folder: string, kind: string): Row[] {
  const database = new DatabaseSync(databaseOf(folder, kind), { readOnly: true });
  try {
    return database.prepare("SELECT device, token FROM product_result ORDER BY rowid")
      .all() as unknown as Row[];
  } catch {
    return []; // the table isn't there yet
  } finally {
    database.close();
  }
}

/** Waits for a dispatcher that has committed some results of a class, and not all. */
async function underWay(plant: Plant, folder: string): Promise<{ kind: string; dispatcher: number }> {
  let over = false;
  plant.done.finally(() => over = true).catch(() => {});
  while (!over) {
    for (const [kind, dispatcher] of plant.holders) {
      const { length } = existing(folder, kind);
      if (length > 0 && length < DEVICES / CLASSES.length) return { kind, dispatcher };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("all was done before anybody could be killed");
}

function existing(folder: string, kind: string): Row[] {
  try {
    return rowsOf(folder, kind);
  } catch {
    return []; // no database yet
  }
}

/** Waits until somebody else holds the class. @throws when that takes longer than a lease may */
async function handedOver({ holders }: Plant, kind: string, from: number): Promise<void> {
  const until = performance.now() + TTL_MS + MARGIN_MS;
  while (holders.get(kind) === from) {
    assert.ok(
      performance.now() < until,
      `nobody holds ${kind} ${TTL_MS + MARGIN_MS} ms after its holder's end`,
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("dispatchers that share the classes", () => {
  it("write every device once when one is killed, the registry restarts and services fail", async () => {
    const folder = mkdtempSync(join(tmpdir(), "shopfloor-dispatch-"));
    const health = { latencyMs: 20, errorRate: 0.01, capacity: 64 };
    try {
      const plant = await openPlant({
        folder,
        dispatchers: 2,
        devices: DEVICES,
        ttlMs: TTL_MS,
        ratePerSecond: 200,
        health,
      });
      try {
        const { kind, dispatcher } = await underWay(plant, folder);
        await plant.kill(dispatcher);
        await handedOver(plant, kind, dispatcher);
        await plant.etcd.kill();
        await plant.etcd.start();
        await plant.done;
        const tokens = rowsOf(folder, kind).map(({ token }) => token);
        assert.ok(new Set(tokens).size >= 2, "two have written for the class");
        assert.deepEqual(
          tokens,
          tokens.toSorted((a, b) => a - b),
          "the former holder wrote nothing afterwards",
        );
      } finally {
        await plant.close();
      }
      for (const kind of CLASSES) {
        const devices = rowsOf(folder, kind).map(({ device }) => device).sort();
        assert.deepEqual(devices, deviceList(DEVICES, kind).map(({ device }) => device).sort());
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
