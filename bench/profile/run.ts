/**
 * The profile on every runtime that is there, each time in a fresh process: `deno run -A bench/profile/run.ts --runs
 * 3`. Prints a Markdown table of nanoseconds per item, medians of the runs.
 *
 * @module
 */

import process from "node:process";
import { benchPath, printedBy, runtimes } from "../programs.ts";
import { flags, median } from "../scenarios/measure.ts";

const { runs, keys, items } = flags({ runs: 3, keys: 5_000, items: 400_000 });
const { found } = await runtimes();
const rows = new Map<string, number[][]>();
for (let round = 0; round < runs; round++) {
  for (const [column, { command }] of found.entries()) {
    const program = [...command, benchPath("profile/fleet_profile.ts")];
    const { nanoseconds } = await printedBy([...program, "--keys", String(keys), "--items", String(items)]);
    for (const [stage, time] of Object.entries(nanoseconds as Record<string, number>)) {
      if (!rows.has(stage)) rows.set(stage, found.map(() => []));
      rows.get(stage)![column].push(time);
    }
  }
}
const lines = [
  `| department: stage | ${found.map(({ name, version }) => `${name} ${version}`).join(" | ")} |`,
  `|---|${"---:|".repeat(found.length)}`,
  ...[...rows].map(([stage, columns]) =>
    `| ${stage} | ${columns.map((times) => median(times)).join(" | ")} |`
  ),
];
process.stdout.write(`${lines.join("\n")}\n`);
