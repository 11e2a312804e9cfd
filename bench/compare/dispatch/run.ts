/**
 * The dispatch in all its modes on both runtimes, against Go: `deno run -A bench/compare/dispatch/run.ts --runs 5`.
 * Every contestant runs in a fresh process against one mock service, in Go if there is a compiler; rounds alternate.
 * Prints a Markdown table; `--out FOLDER` (default: this one) gets `results.json` and `chart.svg`.
 *
 * @module
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import packageJson from "../../../package.json" with { type: "json" };
import { benchPath, printedBy, runtimes } from "../../programs.ts";
import { Mock } from "../../scenarios/dispatch/mock.ts";
import { type Contestant, contestants } from "./contestants.ts";
import { buildGo } from "./go_programs.ts";
import { chart, type Result, type Results, type Round, table } from "./results.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    seconds: { type: "string", default: "4" },
    warm: { type: "string", default: "2" },
    only: { type: "string", default: "" }, // a pattern of modes and runtimes: "factory|go", "sequential deno"
    go: { type: "boolean", default: true },
    out: { type: "string", default: benchPath("compare/dispatch") },
  },
  allowNegative: true,
});
const [runs, seconds, warm] = [values.runs, values.seconds, values.warm].map(Number);
const folder = mkdtempSync(join(tmpdir(), "shopfloor-compare-"));
let mock: Mock | undefined;
try {
  const { found, skipped } = await runtimes();
  const go = values.go ? await buildGo(folder) : { skipped: [] };
  mock = await Mock.start({ program: go.mock });
  const everybody = contestants(found, { url: mock.url, seconds, warm, dispatch: go.dispatch });
  const pattern = new RegExp(values.only);
  const before = loadavg()[0];
  const results: Results = {
    results: await race(everybody.filter(({ mode, runtime }) => pattern.test(`${mode} ${runtime}`))),
    date: new Date().toISOString(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? "unknown",
    versions: {
      shopfloor: packageJson.version,
      ...Object.fromEntries(found.map(({ name, version }) => [name, version])),
      ...go.version !== undefined && { go: go.version },
    },
    mock: go.mock === undefined ? "TypeScript" : "Go",
    load: [before, loadavg()[0]],
    runs,
    seconds,
    warm,
    skipped: [...skipped, ...go.skipped],
  };
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(values.out, "chart.svg"), chart(results));
  process.stdout.write(`${table(results)}\n`);
  for (const { what, reason } of results.skipped) {
    process.stdout.write(`\nLeft out: ${what}: ${reason}.\n`);
  }
} finally {
  await mock?.stop();
  rmSync(folder, { recursive: true });
}

/** Round after round, everybody in turn. */
async function race(field: readonly Contestant[]): Promise<Result[]> {
  const results = field.map(({ mode, runtime }): Result => ({ mode, runtime, rounds: [] }));
  for (let round = 1; round <= runs; round++) {
    for (const [index, { mode, runtime, command }] of field.entries()) {
      const printed = await printedBy(command);
      if (!printed.ok) throw new Error(`${mode} on ${runtime}: ${JSON.stringify(printed)}`);
      const { businessesPerSecond, p50Ms, p99Ms, microsPerBusiness } = printed as unknown as Round;
      results[index].rounds.push({ businessesPerSecond, p50Ms, p99Ms, microsPerBusiness });
      process.stderr.write(
        `${round}/${runs} ${mode} ${runtime}: ${businessesPerSecond}/s, p99 ${p99Ms} ms, load ${
          loadavg()[0].toFixed(1)
        }\n`,
      );
    }
  }
  return results;
}
