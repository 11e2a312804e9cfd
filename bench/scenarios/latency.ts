/**
 * From bought to shipped at a pace, in ms, over `--seconds` seconds: at `--rate` items a second, or with `--share
 * 0.5` at half of what the factory first shows that it can do. The median second and the worst one are reported.
 *
 * @module
 */

import { openFactory } from "../../mod.ts";
import { flags, mean, median, report, rounded, sleepSeconds, throughput } from "./measure.ts";

const { rate, share, keys, workshops, seconds, warm } = flags({
  rate: 5_000,
  share: 0,
  keys: 5_000,
  workshops: 2,
  seconds: 10,
  warm: 3,
});
const factory = await openFactory(new URL("./fleet_blueprint.ts", import.meta.url), {
  workshops,
  ratePerSecond: share > 0 ? null : rate,
  settings: { keys },
});
const maximum = share > 0 ? await throughput(factory, { warm, seconds: Math.min(4, seconds) }) : undefined;
const wanted = maximum === undefined ? rate : Math.round(share * maximum);
if (maximum !== undefined) await factory.setRate(wanted);
await sleepSeconds(warm);
const p50s: number[] = [];
const p99s: number[] = [];
const rates: number[] = [];
for await (const { latencyMs, itemsPerSecond } of factory.inspections()) {
  p50s.push(latencyMs.p50);
  p99s.push(latencyMs.p99);
  rates.push(itemsPerSecond);
  if (p50s.length >= seconds) break;
}
const summary = await factory.drain();
const products = Object.values(summary.products).reduce((sum, count) => sum + count, 0);
const achieved = mean(rates);
const [mostP50, mostP99] = share > 0 ? [Infinity, 50] : [5, 15];
const missed: string[] = [];
if (achieved < wanted * 0.95) missed.push(`a pace of ${wanted} was asked for, ${rounded(achieved)} reached`);
if (median(p50s) > mostP50) missed.push(`p50 over ${mostP50} ms`);
if (median(p99s) > mostP99) missed.push(`p99 over ${mostP99} ms`);
report("latency", {
  rate: wanted,
  maximum: maximum && rounded(maximum),
  achieved: rounded(achieved),
  p50Ms: rounded(median(p50s), 2),
  p99Ms: rounded(median(p99s), 2),
  worstP99Ms: rounded(Math.max(...p99s), 2),
  seconds,
}, {
  problems: products === summary.materials ? [] : [`${summary.materials} materials, ${products} products`],
  missed,
});
