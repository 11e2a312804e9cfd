/**
 * All scenarios against their targets, on every runtime that is there, each in a fresh process, in turn:
 * `deno run -A bench/scenarios/run.ts --runs 3`. Prints a Markdown table of medians; `--only ndjson` runs the targets
 * whose words or programs match.
 *
 * @module
 */

import process from "node:process";
import { parseArgs } from "node:util";
import { benchPath, printedBy, type Runtime, runtimes } from "../programs.ts";
import { median } from "./measure.ts";
import { type Program, type Target, TARGETS } from "./targets.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "3" }, only: { type: "string", default: "" } },
});
const targets = TARGETS.filter(({ says, programs }) =>
  [says, ...programs.map(({ name }) => name)].some((words) => words.includes(values.only))
);
const { found, skipped } = await runtimes();
const measured = new Map(targets.map((target) => [target, found.map((): number[] => [])]));
for (let round = 0; round < Number(values.runs); round++) {
  for (const [index, runtime] of found.entries()) {
    await once(runtime, (target) => measured.get(target)![index]);
  }
}
process.stdout.write(`${table()}\n`);
for (const { what, reason } of skipped) process.stdout.write(`\nLeft out: ${what}: ${reason}.\n`);

/** Measures every target once; targets of the same program share its run. */
async function once(runtime: Runtime, valuesOf: (target: Target) => number[]): Promise<void> {
  const runs = new Map<Program, Awaited<ReturnType<typeof printedBy>>>();
  for (const target of targets) {
    for (const program of target.programs) {
      if (!runs.has(program)) runs.set(program, await runOf(program, runtime));
    }
    valuesOf(target).push(target.value(target.programs.map((program) => runs.get(program)!)));
  }
}

async function runOf({ name, flags = {} }: Program, { command }: Runtime): ReturnType<typeof printedBy> {
  const given = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  const printed = await printedBy([...command, benchPath(`scenarios/${name}.ts`), ...given]);
  process.stderr.write(`${JSON.stringify(printed)}\n`);
  if (!printed.ok) throw new Error(`${name} contradicts itself: ${JSON.stringify(printed.problems)}`);
  return printed;
}

function table(): string {
  const title = ({ name, version }: Runtime) => `${name} ${version}`;
  return [
    `| what | target | ${found.map(title).join(" | ")} |`,
    `|---|---:|${"---:|".repeat(found.length)}`,
    ...[...measured].map(([{ says, wanted, unit }, columns]) => {
      const [sign, bound] = "atLeast" in wanted ? ["≥", wanted.atLeast] : ["≤", wanted.atMost];
      return `| ${says} | ${sign} ${bound} ${unit} | ${
        columns.map((column) => cell(column, wanted)).join(" | ")
      } |`;
    }),
  ].join("\n");
}

/** Median with smallest and largest; bold where the target is missed. */
function cell(numbers: readonly number[], wanted: Target["wanted"]): string {
  const middle = median(numbers);
  const met = "atLeast" in wanted ? middle >= wanted.atLeast : middle <= wanted.atMost;
  const [shown, least, most] = [middle, Math.min(...numbers), Math.max(...numbers)].map((number) =>
    number >= 100 ? number.toFixed(0) : number.toPrecision(3)
  );
  return `${met ? shown : `**${shown}**`} (${least} – ${most})`;
}
