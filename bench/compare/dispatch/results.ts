/**
 * The raw numbers of the dispatch, as a table and as bars.
 *
 * @module
 */

import type { Skipped } from "../../programs.ts";
import { type Bar, barChart } from "../chart.ts";
import { type Spread, spreadOf } from "../results.ts";
import { MODES } from "./contestants.ts";

/** One round of a contestant. */
export interface Round {
  readonly businessesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of its process for each business. */
  readonly microsPerBusiness: number;
}

/** One contestant's rounds. */
export interface Result {
  readonly mode: string;
  readonly runtime: string;
  readonly rounds: Round[];
}

/** Everything that is kept. */
export interface Results {
  /** ISO 8601. */
  readonly date: string;
  readonly cores: number;
  readonly processor: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly mock: "Go" | "TypeScript";
  /** Load averages of the last minute before the first round and after the last. */
  readonly load: readonly [number, number];
  readonly runs: number;
  readonly seconds: number;
  readonly warm: number;
  readonly results: readonly Result[];
  readonly skipped: readonly Skipped[];
}

/** A Markdown table, the fastest first. */
export function table(results: Results): string {
  const go = results.results.find(({ mode }) => mode === "go");
  const lines = [
    "| contestant | businesses/s | min – max | ÷ Go | p50, ms | p99, ms | CPU per business, µs |",
    "|---|---:|---:|---:|---:|---:|---:|",
  ];
  for (const result of ranked(results)) {
    const { median, min, max } = speedOf(result);
    const middle = (of: keyof Round) => spreadOf(result.rounds.map((round) => round[of])).median;
    const share = go === undefined || go === result ? "" : shareOf(result, go);
    const speeds = [Math.round(median), `${Math.round(min)} – ${Math.round(max)}`, share];
    const others = [middle("p50Ms").toFixed(1), middle("p99Ms").toFixed(1), middle("microsPerBusiness")];
    lines.push(`| ${[labelOf(result), ...speeds, ...others].join(" | ")} |`);
  }
  return lines.join("\n");
}

/** Medians as bars, the fastest first. */
export function chart(results: Results): string {
  const bars = ranked(results).map((result): Bar => {
    const spread = speedOf(result);
    const of = result.mode === "factory" ? "ours" : result.mode === "go" ? "go" : "theirs";
    return { label: labelOf(result), of, spread, value: Math.round(spread.median).toLocaleString("en") };
  });
  return barChart("The dispatch: businesses a second, by contestant", [{
    heading: "Businesses a second",
    bars,
  }]);
}

function ranked({ results }: Results): Result[] {
  return [...results].sort((a, b) => speedOf(b).median - speedOf(a).median);
}

function speedOf({ rounds }: Result): Spread {
  return spreadOf(rounds.map(({ businessesPerSecond }) => businessesPerSecond));
}

/** The median of the rounds' ratios: only numbers of one moment can be compared. */
function shareOf(result: Result, go: Result): string {
  const ratios = result.rounds.map(({ businessesPerSecond }, round) =>
    businessesPerSecond / go.rounds[round].businessesPerSecond
  );
  return spreadOf(ratios).median.toFixed(2);
}

function labelOf({ mode, runtime }: Result): string {
  return mode === "go" ? MODES[mode] : `${MODES[mode]} (${runtime[0].toUpperCase()}${runtime.slice(1)})`;
}
