/**
 * Where each nanosecond of an item of the fleet goes: every stage of its way alone, in one thread, with the classes
 * that the factory is made of. `deno run -A bench/profile/fleet_profile.ts`, or `bun run …`; prints one JSON line of
 * nanoseconds per item, the median of the rounds.
 *
 * @module
 */

import process from "node:process";
import { flags, median, report, rounded } from "../scenarios/measure.ts";
import { drawMaterial } from "./material.ts";
import { procurementStages } from "./procurement_stages.ts";
import { type Stage, timed } from "./stage.ts";
import { transportStages } from "./transport_stages.ts";
import { workshopStages } from "./workshop_stages.ts";

const { keys, items, rounds, warm } = flags({ keys: 5_000, items: 200_000, rounds: 15, warm: 6 });
const material = drawMaterial({ keys, items });
const stages = [...await procurementStages(material, { keys }), ...workshopStages(material)];
for (const stage of stages) await timed(stage, { rounds: 0, warm });
const nanoseconds: Record<string, number> = {};
for (const stage of stages) nanoseconds[nameOf(stage)] = await measured(stage);
// What the porter puts in, the driver takes out: they have to take turns.
const [porter, driver] = transportStages(material);
const [stored, delivered]: [number[], number[]] = [[], []];
for (let round = 0; round < rounds; round++) {
  stored.push(...await timed(porter, { rounds: 1, warm: 0 }));
  delivered.push(...await timed(driver, { rounds: 1, warm: 0 }));
}
nanoseconds[nameOf(porter)] = rounded(median(stored), 1);
nanoseconds[nameOf(driver)] = rounded(median(delivered), 1);
report("fleet_profile", { keys, nanoseconds }, { problems: [] });
process.exit(); // the workshop's staff would go on

function nameOf({ department, name }: Stage): string {
  return `${department}: ${name}`;
}

async function measured(stage: Stage): Promise<number> {
  return rounded(median(await timed(stage, { rounds, warm })), 1);
}
