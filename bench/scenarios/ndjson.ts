/**
 * A file of `--items` lines of 160 bytes → mean by key → SQLite with durability "none": lines per second, next to
 * what one thread of this runtime reaches with JSON.parse and bulk inserts alone. Both tables must say the same.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openFactory } from "../../mod.ts";
import { flags, report, rounded } from "./measure.ts";
import { readAlone } from "./ndjson_alone.ts";
import { writeReadings } from "./ndjson_file.ts";

const { items, keys, workshops } = flags({ items: 1_000_000, keys: 5_000, workshops: 2 });
const folder = mkdtempSync(join(tmpdir(), "shopfloor-bench-"));
const input = join(folder, "readings.ndjson");
const problems: string[] = [];
try {
  writeReadings(input, { items, keys });
  readAlone(input, join(folder, "warm.db"));
  const alone = rate(() => readAlone(input, join(folder, "alone.db")));
  const ours = await rateOfFactory();
  const wanted = tableOf(join(folder, "alone.db"), "average");
  const found = tableOf(join(folder, "data", "shopfloor.db"), "product_average");
  if (found !== wanted) problems.push(`the table has ${found}, not ${wanted}`);
  report("ndjson", {
    items,
    keys,
    workshops,
    itemsPerSecond: rounded(ours),
    alonePerSecond: rounded(await alone),
    overAlone: rounded(ours / await alone, 2),
  }, {
    problems,
    missed: ours < 0.7 * await alone ? ["less than 70 % of what one thread reaches alone"] : [],
  });
} finally {
  rmSync(folder, { recursive: true });
}

async function rateOfFactory(): Promise<number> {
  const factory = await openFactory(new URL("./ndjson_blueprint.ts", import.meta.url), {
    workshops,
    input,
    data: join(folder, "data"),
    durability: "none",
  });
  const perSecond = await rate(() => factory.finished);
  const { rejected, deadLettered } = await factory.drain();
  if (rejected + deadLettered > 0) problems.push("lines were rejected or dead-lettered");
  return perSecond;
}

async function rate(run: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await run();
  return items / ((performance.now() - startedAt) / 1_000);
}

/** What a table holds, in a few numbers that don't depend on the order of its rows. */
function tableOf(database: string, table: string): string {
  const db = new DatabaseSync(database, { readOnly: true });
  const row = db.prepare(
    `SELECT COUNT(*) AS rows, COUNT(DISTINCT device) AS devices, SUM(count) AS counts, SUM(at) AS times,
     SUM(CAST(mean * 1000000 AS INTEGER)) AS means FROM ${table}`,
  ).get();
  db.close();
  return JSON.stringify(row);
}
