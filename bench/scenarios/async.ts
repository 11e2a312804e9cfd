/**
 * A handler that awaits `--wait` ms, `--keys` keys, 5,000 turns at once in each workshop: items per second, the
 * most that the waits alone would allow, and how busy the cores were.
 *
 * @module
 */

import process from "node:process";
import { openFactory } from "../../mod.ts";
import { flags, report, throughput } from "./measure.ts";

const { wait, keys, workshops, secs, warm } = flags({ wait: 10, keys: 5_000, workshops: 2, secs: 8, warm: 3 });
const factory = await openFactory(new URL("./async_blueprint.ts", import.meta.url), {
  workshops,
  settings: { waitMs: wait, keys },
});
const cpu = process.cpuUsage();
const startedAt = performance.now();
const itemsPerSecond = await throughput(factory, { warm, measured: secs });
const { user, system } = process.cpuUsage(cpu);
const cores = (user + system) / 1_000 / (performance.now() - startedAt);
const summary = await factory.drain();
// A key has one item in flight at a time, so that keys bound it as well as the concurrency does.
const ceiling = Math.min(keys, 5_000 * workshops) * 1_000 / wait;
report("async", {
  wait,
  keys,
  workshops,
  itemsPerSecond: Math.round(itemsPerSecond),
  ceiling,
  share: Number((itemsPerSecond / ceiling).toFixed(3)),
  coresBusy: Number(cores.toFixed(2)),
}, summary.products.count === summary.materials ? [] : ["materials and products differ"]);
