/**
 * A data directory with `--workers` states: milliseconds from `openFactory` to the first finished turn, when its
 * workers have nothing to do, and with `--farewell 1` when each of them still owes a good-bye.
 *
 * @module
 */

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Factory, openFactory } from "../../mod.ts";
import { Board } from "./board.ts";
import { flags, median, report, rounded, sleepSeconds } from "./measure.ts";

const { workers, workshops, farewell, runs } = flags({
  workers: 1_000_000,
  workshops: 2,
  farewell: 0,
  runs: 3,
});

/** Longest wait for anything. */
const PATIENCE_MS = 300_000;

/** The pace of a factory that is opened again: the first product is waited for, not the last. */
const RATE = 20_000;

const data = mkdtempSync(join(tmpdir(), "shopfloor-bench-"));
const problems: string[] = [];
try {
  await fill();
  const states = count("SELECT COUNT(*) AS n FROM worker_state");
  if (states !== workers) problems.push(`${states} states, not ${workers}`);
  const found: { openMs: number; firstMs: number }[] = [];
  let taken = workers;
  for (let run = 0; run < runs; run++) {
    const { materials, ...times } = await reopened();
    found.push(times);
    taken += materials;
  }
  const rows = count("SELECT COUNT(*) AS n FROM product_average");
  if (rows !== taken) problems.push(`${taken} materials, ${rows} rows`);
  const firstMs = median(found.map(({ firstMs }) => firstMs));
  report("reopen", {
    workers,
    workshops,
    farewell,
    storeMb: rounded(statSync(join(data, "shopfloor.db")).size / 1e6),
    openMs: median(found.map(({ openMs }) => openMs)),
    firstProductMs: firstMs,
    all: found.map(({ firstMs }) => firstMs),
  }, { problems, missed: firstMs > 2_000 ? [`${firstMs} ms to the first product`] : [] });
} finally {
  rmSync(data, { recursive: true });
}

function open(board: Board, more: Record<string, unknown>): Promise<Factory> {
  const blueprint = farewell ? "./watched_farewell_blueprint.ts" : "./watched_blueprint.ts";
  return openFactory(new URL(blueprint, import.meta.url), {
    workshops,
    data,
    ratePerSecond: more.items === undefined ? RATE : null,
    settings: { keys: workers, board: board.shared, ...more },
  });
}

/** Has every worker hired, and its state stored. */
async function fill(): Promise<void> {
  const factory = await open(new Board(), { items: workers });
  const timer = setTimeout(() => void factory.close(), PATIENCE_MS);
  await factory.finished;
  clearTimeout(timer);
  await factory.close();
}

async function reopened(): Promise<{ openMs: number; firstMs: number; materials: number }> {
  const board = new Board();
  const startedAt = Date.now();
  const factory = await open(board, {});
  const openMs = Date.now() - startedAt;
  const first = () => Math.min(...[0, 1].map((place) => board.firstAt(place)).filter((at) => at > 0));
  while (first() === Infinity) await sleepSeconds(0.01);
  const firstMs = first() - startedAt;
  const { materials } = await factory.drain();
  return { openMs, firstMs, materials };
}

function count(sql: string): number {
  const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
  const { n } = database.prepare(sql).get()!;
  database.close();
  return Number(n);
}
