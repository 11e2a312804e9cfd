/**
 * A handler of about `--micros` µs of pure CPU: items per second with `--workshops` of them, next to a plain loop
 * with the same handler in this runtime.
 *
 * @module
 */

import { openFactory } from "../../mod.ts";
import { fleetMeans, fleetReadings } from "./fleet_source.ts";
import { flags, quiet, report, rounded, throughput } from "./measure.ts";
import { spin, spinsFor } from "./spin.ts";
import { contradictions, statesOf } from "./states.ts";

const { micros, keys, workshops, seconds, warm, spins: given } = flags({
  micros: 5,
  keys: 5_000,
  workshops: 2,
  seconds: 8,
  warm: 3,
  spins: 0, // instead of --micros: the same work in runs that are to be compared
});
const spins = given || spinsFor(micros);
const plain = plainLoop(Math.max(0.2, seconds / 4));
const factory = await openFactory(new URL("./cpu_blueprint.ts", import.meta.url), {
  workshops,
  settings: { keys, spins },
});
const itemsPerSecond = await throughput(factory, { warm, seconds });
const busy = factory.latestInspection()?.workshops.map((workshop) => rounded(workshop.busy, 2));
const { totals } = await quiet(factory);
const states = await statesOf(factory, { keys });
const summary = await factory.drain();
const { counts } = fleetMeans(keys, totals.materials);
report("cpu", {
  micros,
  spins,
  keys,
  workshops,
  itemsPerSecond: rounded(itemsPerSecond),
  plainLoopPerSecond: rounded(plain),
  overPlainLoop: rounded(itemsPerSecond / plain, 2),
  busy,
  seconds,
}, { problems: contradictions(summary, { totals, states, expected }) });

function expected(key: number): { mixed: number } {
  let mixed = 1;
  for (let item = 0; item < counts[key]; item++) mixed = spin(mixed, spins);
  return { mixed };
}

/** The same items and the same handler in one thread, with a Map of states. */
function plainLoop(forSeconds: number): number {
  const states = new Map<string, { mixed: number }>();
  const draw = fleetReadings(keys);
  let items = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < forSeconds * 1_000) {
    for (const { device } of draw(1_024)) {
      let state = states.get(device);
      if (state === undefined) states.set(device, state = { mixed: 1 });
      state.mixed = spin(state.mixed, spins);
      items++;
    }
  }
  return items / ((performance.now() - startedAt) / 1_000);
}
