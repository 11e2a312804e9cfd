/**
 * Starts all of the example on the loopback, and ends when every device has been served, or at Ctrl-C:
 * `all.ts [--dispatchers 3] [--devices 10000] [--ttl-ms 3000] [--rate 1000] [--latency-ms 5] [--error-rate 0] [--capacity 256]`.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { CLASSES } from "./devices.ts";
import { databaseOf, openPlant } from "./plant.ts";

const { values } = parseArgs({
  options: {
    "dispatchers": { type: "string", default: "3" },
    "devices": { type: "string", default: "10000" },
    "ttl-ms": { type: "string", default: "3000" },
    "rate": { type: "string", default: "1000" },
    "latency-ms": { type: "string", default: "5" },
    "error-rate": { type: "string", default: "0" },
    "capacity": { type: "string", default: "256" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "dispatch-"));
const stopped = new Promise<void>((resolve) => {
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve());
});
try {
  const plant = await openPlant({
    folder,
    dispatchers: Number(values.dispatchers),
    devices: Number(values.devices),
    ttlMs: Number(values["ttl-ms"]),
    ratePerSecond: Number(values.rate),
    health: {
      latencyMs: Number(values["latency-ms"]),
      errorRate: Number(values["error-rate"]),
      capacity: Number(values.capacity),
    },
    onLine: (dispatcher, line) => console.log(`dispatcher ${dispatcher}: ${line}`),
  });
  try {
    await Promise.race([plant.done, stopped]);
  } finally {
    await plant.close();
  }
  for (const kind of CLASSES) console.log(`${kind}: ${resultsOf(kind)} results`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0); // whatever is left of dropped connections keeps nobody waiting

function resultsOf(kind: string): unknown {
  try {
    using database = new DatabaseSync(databaseOf(folder, kind), { readOnly: true });
    return database.prepare("SELECT count(*) AS n FROM product_result").get()!.n;
  } catch {
    return "no"; // ended before the class was held
  }
}
