import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Business, deviceList } from "../../examples/dispatch/devices.ts";
import { serveAll } from "../../examples/dispatch/gateway/client.ts";
import { openPlant, type Plant } from "../../examples/dispatch/gateway/plant.ts";
import type { Result } from "../../examples/dispatch/gateway/results.ts";

const DEVICES = deviceList(1_500);
/** Those that are sent when everything that is to be killed has been. */
const LATE = 500;
/** Those that are sent a second time when all have their row. */
const AGAIN = 200;
const PATIENCE_MS = 50_000;

/** What the mock services make of a device. */
function scoreOf(device: string): number {
  return Array.from({ length: 8 }, (_, at) => device.length + at).reduce((sum, value) => sum + value, 0);
}

function sorted(rows: readonly Result[]): Result[] {
  return rows.toSorted((one, other) => one.device < other.device ? -1 : 1);
}

/** Resolves when a first row is there. */
async function begun({ results }: Plant, signal: AbortSignal): Promise<void> {
  while (await results.count() === 0) signal.throwIfAborted();
}

describe("stateless dispatchers behind the gateway", () => {
  it("write every device once while dispatchers, services and the registry are killed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "shopfloor-dispatch-"));
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const health = { latencyMs: 10, errorRate: 0.01, capacity: 64 };
    try {
      const plant = await openPlant({ folder, dispatchers: 2, instances: 2, health });
      const { results, url, dispatchers, services, etcd } = plant;
      const serve = (businesses: readonly Business[]) => serveAll(businesses, { url, results, signal });
      try {
        const early = serve(DEVICES.slice(LATE));
        early.catch(() => {}); // it is awaited below
        await begun(plant, signal);
        await dispatchers[0].end("SIGKILL");
        await services.get("compute-camera")![0].end("SIGKILL");
        await Promise.all([plant.startInstance("compute-camera"), plant.startDispatcher()]);
        await etcd.kill();
        const late = serve(DEVICES.slice(0, LATE));
        late.catch(() => {});
        await etcd.start();
        await Promise.all([early, late]);

        const rows = sorted(await results.all());
        const wanted = DEVICES.map(({ device, kind }) => ({ device, kind, score: scoreOf(device) }));
        assert.deepEqual(
          rows.map(({ device, kind, score }) => ({ device, kind, score })),
          wanted.toSorted((one, other) => one.device < other.device ? -1 : 1),
        );
        await serve(DEVICES.slice(0, AGAIN));
        const codes = await Promise.all(dispatchers.map((dispatcher) => dispatcher.end("SIGTERM")));
        assert.deepEqual(codes, [undefined, 0, 0], "those that were not killed drained");
        assert.deepEqual(sorted(await results.all()), rows, "who comes second writes nothing");
      } finally {
        await plant.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
