/**
 * `--workers` live workers without a state, hired, renewed and dismissed at a pace of `--rate` items a second: the
 * longest that an item took from bought to served in each phase, and resident memory for each live worker.
 *
 * @module
 */

import { type Factory, type FactoryStatus, openFactory } from "../../mod.ts";
import { residentMemoryBytes } from "../../src/platform/mod.ts";
import { itemsBefore, type Longest, PHASES, PROBES, REGULARS } from "./crowd.ts";
import { flags, report, rounded, sleepSeconds } from "./measure.ts";

const { workers, rate, workshops } = flags({ workers: 1_000_000, rate: 300_000, workshops: 2 });
const few = workers <= 100_000;
const settings = { workers };
const factory = await openFactory(
  new URL(few ? "./few_workers_blueprint.ts" : "./million_workers_blueprint.ts", import.meta.url),
  { workshops, ratePerSecond: rate, settings },
);
const others = REGULARS + PROBES;
let live = 0;
await until((status) => status.totals.materials >= itemsBefore(settings));
const before = residentMemoryBytes();
// Everybody has come twice.
await until(({ totals }) => totals.materials >= itemsBefore(settings) + 2 * workers);
const after = residentMemoryBytes();
await until(({ totals }) => totals.hired >= workers + others && totals.dismissed >= workers);
const longestMs = await longest(factory);
const { hired, dismissed } = (await factory.status()).totals;
const summary = await factory.drain();
const problems: string[] = [];
if (hired - dismissed > others) problems.push(`${hired} hired, ${dismissed} dismissed, ${others} regular`);
if (summary.deadLettered + summary.rejected > 0) problems.push("items were rejected or dead-lettered");
const bytesPerWorker = (after - before) / workers;
const missed: string[] = [];
if (live < workers) missed.push(`${live} live workers at most`);
for (const phase of PHASES) if (longestMs[phase] > 50) missed.push(`${phase}: ${longestMs[phase]} ms`);
if (!few && bytesPerWorker > 200) {
  missed.push(`${rounded(bytesPerWorker)} resident bytes for each live worker`);
}
report("million_workers", {
  workers,
  rate,
  workshops,
  live,
  longestMs,
  bytesPerWorker: rounded(bytesPerWorker),
  rssMb: { before: rounded(before / 1e6), after: rounded(after / 1e6) },
}, { problems, missed });

/** Polls until the status is as wanted. @throws {Error} when that takes more than a minute */
async function until(wanted: (status: FactoryStatus) => boolean): Promise<void> {
  const endsAt = performance.now() + 60_000;
  while (true) {
    const status = await factory.status();
    live = Math.max(live, status.totals.hired - status.totals.dismissed);
    if (wanted(status)) return;
    if (performance.now() > endsAt) throw new Error(`waited for a minute: ${JSON.stringify(status.totals)}`);
    await sleepSeconds(0.02);
  }
}

/** What the probes have seen. */
async function longest(factory: Factory): Promise<Longest> {
  const longest: Longest = { before: 0, hire: 0, renew: 0, dismiss: 0 };
  for (let probe = 0; probe < PROBES; probe++) {
    const state = (await factory.worker(`probe-${probe}`))?.state as Longest | undefined;
    for (const phase of PHASES) longest[phase] = Math.max(longest[phase], state?.[phase] ?? 0);
  }
  return longest;
}
