/**
 * The fleet job through the whole factory: `deno run -A bench/scenarios/fleet.ts --keys 5000 --secs 10`, or
 * `bun run …`. Objects in, objects to `work`, products shipped as objects, delivered by type to `discard()`.
 *
 * @module
 */

import { openFactory } from "../../mod.ts";
import { flags, report, throughput } from "./measure.ts";

const { keys, secs, warm, workshops } = flags({ keys: 5_000, secs: 10, warm: 3, workshops: 2 });
const factory = await openFactory(new URL("./fleet_blueprint.ts", import.meta.url), {
  workshops,
  settings: { keys },
});
const itemsPerSecond = await throughput(factory, { warm, measured: secs });
const inspection = factory.latestInspection();
const summary = await factory.drain();
const products = Object.values(summary.products).reduce((sum, count) => sum + count, 0);
const problems: string[] = [];
if (products !== summary.materials) problems.push(`${summary.materials} materials, ${products} products`);
if (summary.deadLettered + summary.rejected > 0) problems.push("some items were rejected or dead-lettered");
report("fleet", {
  keys,
  workshops,
  itemsPerSecond: Math.round(itemsPerSecond),
  workers: inspection?.workers,
  bottleneck: inspection?.bottleneck,
  busy: inspection?.workshops.map(({ busy }) => Number(busy.toFixed(2))),
  latencyMs: inspection?.latencyMs,
  rssMb: Math.round((inspection?.memoryBytes ?? 0) / 1e6),
  seconds: secs,
}, problems);
