/**
 * A handler that awaits `--wait` ms, `--keys` keys, 5,000 turns at once in each workshop: items per second, the
 * most that the waits alone would allow, and how busy the cores were.
 *
 * @module
 */

import process from "node:process";
import { openFactory } from "../../mod.ts";
import { fleetMeans } from "./fleet_source.ts";
import { flags, quiet, report, rounded, throughput } from "./measure.ts";
import { contradictions, statesOf } from "./states.ts";

const { wait, keys, workshops, seconds, warm } = flags({
  wait: 10,
  keys: 5_000,
  workshops: 2,
  seconds: 8,
  warm: 3,
});
const factory = await openFactory(new URL("./async_blueprint.ts", import.meta.url), {
  workshops,
  settings: { waitMs: wait, keys },
});
const cpu = process.cpuUsage();
const startedAt = performance.now();
const itemsPerSecond = await throughput(factory, { warm, seconds });
const { user, system } = process.cpuUsage(cpu);
const cores = (user + system) / 1_000 / (performance.now() - startedAt);
const busy = factory.latestInspection()?.workshops.map((workshop) => rounded(workshop.busy, 2));
const { totals } = await quiet(factory);
const states = await statesOf(factory, { keys });
const summary = await factory.drain();
const { counts } = fleetMeans(keys, totals.materials);
// A key has one item in flight at a time, so that keys bound it as well as the concurrency does.
const ceiling = Math.min(keys, 5_000 * workshops) * 1_000 / wait;
report("async", {
  wait,
  keys,
  workshops,
  itemsPerSecond: rounded(itemsPerSecond),
  ceiling,
  share: rounded(itemsPerSecond / ceiling, 3),
  coresBusy: rounded(cores, 2),
  busy,
  seconds,
}, { problems: contradictions(summary, { totals, states, expected: (key) => ({ count: counts[key] }) }) });
