/**
 * What came of a run, out of its database.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { computedOf, rawDataOf } from "./business.ts";
import type { DispatchRun } from "./run.ts";

/** Speed and result of a run. */
export interface Judgement {
  readonly businessesPerSecond: number;
  /** From a business's begin until its row is handed over, ms. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rows: number;
  /** What is wrong with the rows, in words. */
  readonly problems: readonly string[];
}

/** Reads the rows of a run: how many in the time that was measured, how long they took, and whether they are right. */
export function judged({ database: path, done, from, to }: DispatchRun): Judgement {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const times = database.prepare("SELECT ms FROM result WHERE _at >= ? AND _at < ? ORDER BY ms")
      .all(from, to).map(({ ms }) => Number(ms));
    const quantile = (share: number) => times[Math.floor(times.length * share)] ?? 0;
    return {
      businessesPerSecond: times.length / ((to - from) / 1_000),
      p50Ms: quantile(0.5),
      p99Ms: quantile(0.99),
      ...checked(database, done),
    };
  } finally {
    database.close();
  }
}

/** Whether there is one row for each of so many businesses, with the right values. */
export function checkRows(path: string, done: number): Pick<Judgement, "rows" | "problems"> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return checked(database, done);
  } finally {
    database.close();
  }
}

function checked(database: DatabaseSync, done: number): Pick<Judgement, "rows" | "problems"> {
  const problems: string[] = [];
  let [rows, wrong, twice, before] = [0, 0, 0, 0];
  for (const row of database.prepare("SELECT bid, sensor, val FROM result ORDER BY bid").iterate()) {
    const bid = Number(row.bid);
    rows++;
    if (bid === before) twice++;
    before = bid;
    const { result } = computedOf(rawDataOf(bid));
    if (row.sensor !== bid % 97 || Math.abs(Number(row.val) - result) > 1e-9) wrong++;
  }
  if (rows !== done) problems.push(`${done} businesses, ${rows} rows`);
  if (twice > 0) problems.push(`${twice} rows of businesses that have one`);
  if (wrong > 0) problems.push(`${wrong} rows with wrong values`);
  return { rows, problems };
}
