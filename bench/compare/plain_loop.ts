/**
 * The fleet job in one thread, in one loop: no concurrency, no guarantee, nothing between source and sink.
 *
 * @module
 */

import { fleetReadings } from "../scenarios/fleet_source.ts";
import { flags, report, rounded } from "../scenarios/measure.ts";
import { Means, Shelves } from "./fleet_job.ts";

const { keys, seconds, warm } = flags({ keys: 5_000, seconds: 5, warm: 2 });
const draw = fleetReadings(keys);
const means = new Means();
const shelves = new Shelves();
let drawn = 0;
loopFor(warm);
const startedAt = performance.now();
const before = drawn;
loopFor(seconds);
const itemsPerSecond = (drawn - before) / ((performance.now() - startedAt) / 1_000);
report("plain_loop", { keys, itemsPerSecond: rounded(itemsPerSecond), seconds }, {
  problems: shelves.problems({ keys, items: drawn }),
});

function loopFor(forSeconds: number): void {
  const endsAt = performance.now() + forSeconds * 1_000;
  while (performance.now() < endsAt) {
    for (const reading of draw(1_024)) shelves.put(means.take(reading));
    drawn += 1_024;
    shelves.flush();
  }
}
