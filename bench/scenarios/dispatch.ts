/**
 * The dispatch: businesses of two calls and one row each, as a factory or as one would write it without:
 *
 * `deno run -A bench/scenarios/dispatch.ts --mode factory`, or `bun run …`, with `--url http://…` for services that are
 * there already. Latency is that of a business, from its begin until its row is handed to the writer.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { crewRun } from "./dispatch/crew.ts";
import { factoryRun } from "./dispatch/factory.ts";
import { Mock } from "./dispatch/mock.ts";
import { judged } from "./dispatch/rows.ts";
import { report, rounded } from "./measure.ts";

/** Ways to do it, each with the threads that do businesses and the businesses at once that it has by default. */
const MODES: Readonly<Record<string, { readonly threads: number; readonly inFlight: number }>> = {
  factory: { threads: 2, inFlight: 200 },
  sequential: { threads: 1, inFlight: 1 },
  pool: { threads: 50, inFlight: 50 },
  coroutines: { threads: 1, inFlight: 200 },
  "web-workers": { threads: 2, inFlight: 200 },
};

const { values } = parseArgs({
  options: {
    mode: { type: "string", default: "factory" },
    url: { type: "string" },
    mock: { type: "string" }, // a program to start instead of the mock in TypeScript
    seconds: { type: "string", default: "5" },
    warm: { type: "string", default: "2" },
    "in-flight": { type: "string" },
    workshops: { type: "string" }, // or threads
    durability: { type: "string", default: "exactly-once" },
    epoch: { type: "string", default: "1000" },
  },
});
const mode = MODES[values.mode];
if (mode === undefined) {
  throw new TypeError(`--mode: expected ${Object.keys(MODES).join(", ")}, found ${values.mode}`);
}
const durability = values.durability as "exactly-once" | "none";
const folder = mkdtempSync(join(tmpdir(), "shopfloor-dispatch-"));
const mock = values.url === undefined ? await Mock.start({ program: values.mock }) : undefined;
try {
  const url = values.url ?? mock!.url;
  const options = {
    raw: [url],
    compute: [url],
    folder,
    warm: Number(values.warm),
    seconds: Number(values.seconds),
    inFlight: Number(values["in-flight"] ?? mode.inFlight),
    threads: Number(values.workshops ?? mode.threads),
  };
  const run = values.mode === "factory"
    ? await factoryRun(options, { durability, epochMs: Number(values.epoch) })
    : await crewRun(options);
  const { businessesPerSecond, p50Ms, p99Ms, rows, problems } = judged(run);
  report("dispatch", {
    mode: values.mode,
    ...values.mode === "factory" && { durability },
    threads: options.threads,
    inFlight: options.inFlight,
    businessesPerSecond: rounded(businessesPerSecond),
    p50Ms: rounded(p50Ms, 1),
    p99Ms: rounded(p99Ms, 1),
    rows,
    microsPerBusiness: rounded(run.cores * 1e6 / businessesPerSecond), // of this process's CPU time
    seconds: options.seconds,
  }, { problems });
} finally {
  await mock?.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
