/**
 * The fleet job through the whole factory: `deno run -A bench/scenarios/fleet.ts --keys 5000 --seconds 10`, or
 * `bun run …`. Objects in, objects to `work`, products shipped as objects, delivered by type to `discard()`.
 *
 * @module
 */

import { openFactory } from "../../mod.ts";
import { fleetMeans } from "./fleet_source.ts";
import { flags, quiet, report, rounded, throughput } from "./measure.ts";
import { contradictions, statesOf } from "./states.ts";

const { keys, seconds, warm, workshops } = flags({ keys: 5_000, seconds: 10, warm: 3, workshops: 2 });
const factory = await openFactory(new URL("./fleet_blueprint.ts", import.meta.url), {
  workshops,
  settings: { keys },
});
const itemsPerSecond = await throughput(factory, { warm, seconds });
const inspection = factory.latestInspection();
const { totals } = await quiet(factory);
const states = await statesOf(factory, { keys });
const summary = await factory.drain();
const { counts, means } = fleetMeans(keys, totals.materials);
const expected = (key: number) => ({ count: counts[key], mean: means[key] });
report("fleet", {
  keys,
  workshops,
  itemsPerSecond: rounded(itemsPerSecond),
  workers: inspection?.workers,
  bottleneck: inspection?.bottleneck,
  busy: inspection?.workshops.map(({ busy }) => rounded(busy, 2)),
  latencyMs: inspection?.latencyMs,
  rssMb: rounded((inspection?.memoryBytes ?? 0) / 1e6),
  seconds,
}, { problems: contradictions(summary, { totals, states, expected }) });
