/**
 * The fleet job against others: `deno run -A bench/compare/run.ts --runs 5 --seconds 3`. Every contestant runs in a
 * fresh process; rounds alternate between them, since only numbers of one machine at one time can be compared.
 * Prints a Markdown table; `--out FOLDER` (default: this one) gets `results.json` and `chart.svg`.
 *
 * @module
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import { benchPath, printedBy, type Runtime, runtimes, type Skipped } from "../programs.ts";
import { chart } from "./chart.ts";
import { type Contestant, contestants, type Duration } from "./contestants.ts";
import { buildGo, goVersion } from "./go_programs.ts";
import { type Result, type Results, table } from "./results.ts";

/** Libraries that take part. */
const LIBRARIES = ["piscina", "poolifier-web-worker", "workerpool"] as const;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    warm: { type: "string", default: "2" },
    only: { type: "string", default: "" }, // a pattern of names, runtimes and keys: "Shopfloor|Go, idiomatic"
    out: { type: "string", default: benchPath("compare") },
  },
});
const runs = Number(values.runs);
const duration: Duration = { seconds: Number(values.seconds), warm: Number(values.warm) };
mkdirSync(values.out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "shopfloor-compare-"));
try {
  const { found, skipped } = await runtimes();
  const go = await goVersion();
  if (go === undefined) skipped.push({ what: "the Go programs", reason: "there is no go on the PATH" });
  const goFolder = go === undefined ? undefined : folder;
  const field = contestants(found, { goFolder, duration }).filter(({ name, runtime, keys }) =>
    new RegExp(values.only).test(`${name} ${runtime} ${keys}`)
  );
  if (field.some(({ runtime }) => runtime === "go")) await buildGo(folder);
  const results = described(await race(field), { found, go, skipped });
  writeFileSync(join(values.out, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(values.out, "chart.svg"), chart(results));
  process.stdout.write(`${table(results)}\n`);
  for (const { what, reason } of skipped) process.stdout.write(`\nLeft out: ${what}: ${reason}.\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Round after round, everybody in turn. */
async function race(field: readonly Contestant[]): Promise<Result[]> {
  const results = field.map(({ name, runtime, keys }): Result => ({
    name,
    runtime,
    keys,
    itemsPerSecond: [],
  }));
  for (let round = 1; round <= runs; round++) {
    for (const [index, { name, runtime, keys, command }] of field.entries()) {
      const printed = await printedBy(command);
      const { ok, itemsPerSecond } = printed;
      if (!ok || itemsPerSecond === undefined) {
        throw new Error(`${name} on ${runtime}: ${JSON.stringify(printed)}`);
      }
      results[index].itemsPerSecond.push(itemsPerSecond);
      process.stderr.write(`${round}/${runs} ${name} ${runtime} ${keys}: ${itemsPerSecond}\n`);
    }
  }
  return results;
}

function described(
  results: readonly Result[],
  { found, go, skipped }: {
    found: readonly Runtime[];
    go: string | undefined;
    skipped: readonly Skipped[];
  },
): Results {
  return {
    date: new Date().toISOString(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? "unknown",
    versions: {
      shopfloor: packageJson.version,
      ...Object.fromEntries(found.map(({ name, version }) => [name, version])),
      ...go !== undefined && { go },
      ...Object.fromEntries(LIBRARIES.map((name) => [name, packageJson.devDependencies[name]])),
    },
    runs,
    ...duration,
    results,
    skipped,
  };
}
