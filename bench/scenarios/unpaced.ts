/**
 * A source that never waits against a handler of `--micros` µs, for `--seconds` seconds: throughput of the last
 * `--window` seconds against the first, and resident memory at the end of each window.
 *
 * @module
 */

import { openFactory } from "../../mod.ts";
import { fleetMeans } from "./fleet_source.ts";
import { flags, mean, quiet, report, rounded } from "./measure.ts";
import { spin, spinsFor } from "./spin.ts";
import { contradictions, statesOf } from "./states.ts";

const { micros, keys, workshops, seconds, window } = flags({
  micros: 20,
  keys: 5_000,
  workshops: 2,
  seconds: 60,
  window: 10,
});
const spins = spinsFor(micros);
const factory = await openFactory(new URL("./cpu_blueprint.ts", import.meta.url), {
  workshops,
  settings: { keys, spins },
});
const rates: number[] = [];
const memory: number[] = [];
for await (const { itemsPerSecond, memoryBytes } of factory.inspections()) {
  if (itemsPerSecond === 0 && rates.length === 0) continue; // the first inspection has nothing to compare with
  rates.push(itemsPerSecond);
  memory.push(memoryBytes / 1e6);
  if (rates.length >= seconds) break;
}
const { totals } = await quiet(factory);
const states = await statesOf(factory, { keys });
const summary = await factory.drain();
const { counts } = fleetMeans(keys, totals.materials);
const first = mean(rates.slice(1, window + 1)); // the first second warms up
const last = mean(rates.slice(-window));
const rssMb = memory.filter((_, second) => second % window === window - 1).map((mb) => rounded(mb));
const missed: string[] = [];
if (last < first * 0.95) missed.push(`throughput fell from ${rounded(first)} to ${rounded(last)}`);
// Garbage collectors let memory swing by some per cent: halves are compared, not moments.
const halves = mean(memory.slice(memory.length / 2)) / mean(memory.slice(0, memory.length / 2));
if (halves > 1.1) missed.push(`resident memory grew: ${rssMb} MB`);
report("unpaced", {
  micros,
  keys,
  workshops,
  first: rounded(first),
  last: rounded(last),
  lastOverFirst: rounded(last / first, 3),
  rssMb,
  rssSecondOverFirstHalf: rounded(halves, 3),
  seconds,
}, { problems: contradictions(summary, { totals, states, expected }), missed });

function expected(key: number): { mixed: number } {
  let mixed = 1;
  for (let item = 0; item < counts[key]; item++) mixed = spin(mixed, spins);
  return { mixed };
}
