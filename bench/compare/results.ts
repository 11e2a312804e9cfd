/**
 * The comparison's raw numbers, and what is worked out from them.
 *
 * @module
 */

import { median } from "../scenarios/measure.ts";
import type { Skipped } from "../programs.ts";
import { SHOPFLOOR } from "./contestants.ts";

/** One contestant's rounds. */
export interface Result {
  readonly name: string;
  readonly runtime: string;
  readonly keys: number;
  /** Of each round, in order. */
  readonly itemsPerSecond: number[];
}

/** Everything that is kept. */
export interface Results {
  /** ISO 8601. */
  readonly date: string;
  readonly cores: number;
  readonly processor: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: number;
  readonly seconds: number;
  readonly warm: number;
  readonly results: readonly Result[];
  readonly skipped: readonly Skipped[];
}

/** Median, smallest and largest. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The spread of some numbers. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** How many times `result` Shopfloor on `runtime` does, round by round; undefined if it didn't take part. */
export function lead(
  result: Result,
  { runtime, results }: { runtime: string; results: Results },
): Spread | undefined {
  const ours = results.results.find(({ name, runtime: its, keys }) =>
    name === SHOPFLOOR && its === runtime && keys === result.keys
  );
  if (ours === undefined || ours === result || result.itemsPerSecond.length === 0) return undefined;
  return spreadOf(result.itemsPerSecond.map((theirs, round) => ours.itemsPerSecond[round] / theirs));
}

/** A Markdown table: a row for each contestant, the fastest first for each number of keys. */
export function table(results: Results): string {
  const runtimes = [...new Set(results.results.map(({ runtime }) => runtime))].filter((name) =>
    name !== "go"
  );
  const heads = runtimes.map((runtime) => `Shopfloor on ${title(runtime)} does`);
  const lines = [
    `| keys | contestant | median, M/s | min – max | ${heads.join(" | ")} |`,
    `|---:|---|---:|---:|${"---:|".repeat(heads.length)}`,
  ];
  for (const result of ranked(results)) {
    const { median, min, max } = spreadOf(result.itemsPerSecond);
    const leads = runtimes.map((runtime) => {
      const spread = comparable(result, runtime) ? lead(result, { runtime, results }) : undefined;
      return spread
        ? `${spread.median.toFixed(2)} × (${spread.min.toFixed(2)} – ${spread.max.toFixed(2)})`
        : "";
    });
    const cells = [result.keys.toLocaleString("en"), labelOf(result), millions(median)];
    lines.push(`| ${[...cells, `${millions(min)} – ${millions(max)}`, ...leads].join(" | ")} |`);
  }
  return lines.join("\n");
}

/** The results, few keys first, then the fastest first. */
export function ranked({ results }: Results): Result[] {
  const speed = ({ itemsPerSecond }: Result) => median(itemsPerSecond);
  return [...results].sort((a, b) => a.keys - b.keys || speed(b) - speed(a));
}

/** `piscina (Deno)`, `Go, idiomatic`. */
export function labelOf({ name, runtime }: Result): string {
  return runtime === "go" ? name : `${name} (${title(runtime)})`;
}

/** Ratios between two runtimes say more about these than about the programs. */
function comparable(result: Result, runtime: string): boolean {
  return result.name !== SHOPFLOOR && (result.runtime === "go" || result.runtime === runtime);
}

function millions(perSecond: number): string {
  return (perSecond / 1e6).toFixed(2);
}

function title(runtime: string): string {
  return runtime[0].toUpperCase() + runtime.slice(1);
}
