/**
 * A source that never waits against a handler of `--micros` µs, for `--secs` seconds: throughput of the last ten
 * seconds against the first ten, and resident memory each ten seconds.
 *
 * @module
 */

import { openFactory } from "../../mod.ts";
import { flags, report } from "./measure.ts";
import { spinsFor } from "./spin.ts";

const { micros, workshops, secs, window } = flags({ micros: 20, workshops: 2, secs: 60, window: 10 });
const factory = await openFactory(new URL("./cpu_blueprint.ts", import.meta.url), {
  workshops,
  settings: { spins: spinsFor(micros) },
});
const rates: number[] = [];
const memory: number[] = [];
for await (const { itemsPerSecond, memoryBytes } of factory.inspections()) {
  rates.push(itemsPerSecond);
  memory.push(memoryBytes / 1e6);
  if (rates.length >= secs) break;
}
const summary = await factory.drain();
const first = mean(rates.slice(1, window + 1)); // the first second starts the factory
const last = mean(rates.slice(-window));
const rssMb = memory.filter((_, second) => second % window === window - 1).map(Math.round);
const problems = [];
if (last < first * 0.95) problems.push(`throughput fell from ${Math.round(first)} to ${Math.round(last)}`);
if (summary.products.result !== summary.materials) problems.push("materials and products differ");
report("unpaced", { micros, workshops, first: Math.round(first), last: Math.round(last), rssMb }, problems);

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
