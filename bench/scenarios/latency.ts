/**
 * From bought to shipped at a pace of `--rate` items a second: p50 and p99 over `--secs` seconds, in ms. Each
 * second counts as the worst of its workshops; the median second and the worst one are reported.
 *
 * @module
 */

import { openFactory } from "../../mod.ts";
import { flags, report, seconds } from "./measure.ts";

const { rate, keys, workshops, secs, warm } = flags({
  rate: 5_000,
  keys: 5_000,
  workshops: 2,
  secs: 10,
  warm: 3,
});
const factory = await openFactory(new URL("./fleet_blueprint.ts", import.meta.url), {
  workshops,
  ratePerSecond: rate,
  settings: { keys },
});
await seconds(warm);
const p50s: number[] = [];
const p99s: number[] = [];
const rates: number[] = [];
for await (const { latencyMs, itemsPerSecond } of factory.inspections()) {
  p50s.push(latencyMs.p50);
  p99s.push(latencyMs.p99);
  rates.push(itemsPerSecond);
  if (p50s.length >= secs) break;
}
await factory.close();
const achieved = rates.reduce((sum, each) => sum + each, 0) / rates.length;
report("latency", {
  rate,
  achieved: Math.round(achieved),
  p50Ms: median(p50s),
  p99Ms: median(p99s),
  worstP99Ms: Math.max(...p99s),
}, achieved > rate * 0.9 ? [] : [`the pace of ${rate} was not reached: ${Math.round(achieved)}`]);

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
