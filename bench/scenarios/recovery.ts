/**
 * A workshop with `--workers` live workers dies in the middle of its work, at `--rate` items a second: how long it
 * takes until another finishes the first turn of its keys, and what the other workshops do meanwhile.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openFactory } from "../../mod.ts";
import { Board } from "./board.ts";
import { flags, median, report, rounded, sleepSeconds } from "./measure.ts";

const { workers, rate, workshops, deaths } = flags({
  workers: 100_000,
  rate: 40_000,
  workshops: 2,
  deaths: 4,
});

/** Between two looks at the board. */
const LOOK_SECONDS = 0.01;

/** What the others do is counted over so long before and after a death: two epochs. */
const WINDOW_SECONDS = 2;

/** Longest wait for anything. */
const PATIENCE_MS = 60_000;

/** What a death came to. */
interface Death {
  /** Until the first product of a key of the workshop. */
  readonly ms: number;
  /** What the others did in the seconds after it, by what they did in those before. */
  readonly others: number;
  readonly longestPauseMs: number;
}

const keys = workers * workshops;
const data = mkdtempSync(join(tmpdir(), "shopfloor-bench-"));
const board = new Board();
const problems: string[] = [];
try {
  const factory = await openFactory(new URL("./watched_blueprint.ts", import.meta.url), {
    workshops,
    data,
    ratePerSecond: null,
    settings: { keys, board: board.shared },
  });
  await until(() => sum(all()) > keys, "everybody is hired");
  await factory.setRate(rate);
  await factory.checkpoint();
  const found: Death[] = [];
  for (let death = 0; death < deaths; death++) {
    found.push(await kill());
    await sleepSeconds(1);
    await factory.checkpoint();
  }
  const summary = await factory.drain();
  check(summary.materials);
  const ms = median(found.map(({ ms }) => ms));
  const others = median(found.map(({ others }) => others));
  const missed: string[] = [];
  if (ms > 1_000) missed.push(`${ms} ms from a death to the first product`);
  if (others < 0.95) missed.push(`the others went on at ${rounded(others * 100)} % of their pace`);
  report("recovery", {
    workers,
    rate,
    workshops,
    firstProductMs: ms,
    all: found.map(({ ms }) => ms),
    othersShare: rounded(others, 2),
    othersShares: found.map(({ others }) => rounded(others, 2)),
    othersLongestPauseMs: Math.max(...found.map(({ longestPauseMs }) => longestPauseMs)),
  }, { problems, missed });
} finally {
  rmSync(data, { recursive: true });
}

/** Kills the one that has lived longest; resolves to what came of it. */
async function kill(): Promise<Death> {
  const alive = all().filter((place) => Date.now() - board.lastAt(place) < 1_000);
  const [victim, ...others] = alive;
  const before = await turnsIn(others, WINDOW_SECONDS);
  const places = board.places;
  board.condemn(victim);
  const after = turnsIn(others, WINDOW_SECONDS);
  await until(() => board.places > places && board.firstAt(places) > 0, "another takes its place");
  const ms = board.firstAt(places) - board.lastAt(victim);
  return { ms, others: (await after).turns / before.turns, longestPauseMs: (await after).longestPauseMs };
}

/** Turns of these places in the seconds to come, and the longest time in which there was none. */
async function turnsIn(
  places: readonly number[],
  seconds: number,
): Promise<{ turns: number; longestPauseMs: number }> {
  const first = sum(places);
  const endsAt = performance.now() + seconds * 1_000;
  let [last, lastAt, longestPauseMs] = [first, performance.now(), 0];
  while (performance.now() < endsAt) {
    await sleepSeconds(LOOK_SECONDS);
    const now = sum(places);
    if (now !== last) [last, lastAt] = [now, performance.now()];
    longestPauseMs = Math.max(longestPauseMs, rounded(performance.now() - lastAt));
  }
  return { turns: last - first, longestPauseMs };
}

function all(): number[] {
  return Array.from({ length: board.places }, (_, place) => place);
}

function sum(places: readonly number[]): number {
  return places.reduce((sum, place) => sum + board.turns(place), 0);
}

/** @throws {Error} when it takes more than a minute */
async function until(reached: () => boolean, what: string): Promise<void> {
  const endsAt = performance.now() + PATIENCE_MS;
  while (!reached()) {
    if (performance.now() > endsAt) throw new Error(`waited for a minute until ${what}`);
    await sleepSeconds(LOOK_SECONDS);
  }
}

/** The table holds a row for each material, and each device's count in it once. */
function check(materials: number): void {
  const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
  const row = database.prepare("SELECT COUNT(*) AS rows, SUM(count) AS counts FROM product_average").get()!;
  database.close();
  const [rounds, rest] = [Math.floor(materials / keys), materials % keys];
  const wanted = keys * rounds * (rounds + 1) / 2 + rest * (rounds + 1);
  if (row.rows !== materials) problems.push(`${materials} materials, ${row.rows} rows`);
  if (row.counts !== wanted) problems.push(`counts add up to ${row.counts}, not ${wanted}`);
}
