/**
 * What exactly-once costs: the fleet job to the sqlite sink, in turn with durability "none" and "exactly-once", at
 * epochs of `--epoch` ms; `--rounds` of both, and the middle of the ratios. The tables must have every product.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { type FactoryOptions, openFactory } from "../../mod.ts";
import { fleetMeans, TYPES } from "./fleet_source.ts";
import { flags, median, report, rounded, throughput } from "./measure.ts";

const { keys, seconds, warm, workshops, epoch, rounds } = flags({
  keys: 5_000,
  seconds: 5,
  warm: 2,
  workshops: 2,
  epoch: 1_000,
  rounds: 3,
});
const problems: string[] = [];

/** One run. */
interface Rate {
  readonly perSecond: number;
  /** CPU time of all threads for each item: less noisy than the clock on a machine that does other things too. */
  readonly cpuNs: number;
}

const pairs: { none: Rate; exactly: Rate }[] = [];
for (let round = 0; round < rounds; round++) {
  // In turn, beginning with the other each time: whoever comes second finds a warm machine, and a hotter one.
  const exactlyFirst = round % 2 === 1;
  const first = await rateOf(exactlyFirst ? "exactly-once" : "none");
  const second = await rateOf(exactlyFirst ? "none" : "exactly-once");
  pairs.push(exactlyFirst ? { none: second, exactly: first } : { none: first, exactly: second });
}
const shares = pairs.map(({ none, exactly }) => exactly.perSecond / none.perSecond);
const share = median(shares);
report("durability", {
  keys,
  workshops,
  epochMs: epoch,
  itemsPerSecond: rounded(median(pairs.map(({ exactly }) => exactly.perSecond))),
  nonePerSecond: rounded(median(pairs.map(({ none }) => none.perSecond))),
  shares: shares.map((share) => rounded(share, 2)),
  cost: rounded(1 - share, 3),
  cpuNs: rounded(median(pairs.map(({ exactly }) => exactly.cpuNs))),
  noneCpuNs: rounded(median(pairs.map(({ none }) => none.cpuNs))),
  cpuCost: rounded(median(pairs.map(({ none, exactly }) => exactly.cpuNs / none.cpuNs)) - 1, 3),
}, { problems, missed: share < 0.85 ? ["exactly-once costs more than 15 %"] : [] });

async function rateOf(durability: NonNullable<FactoryOptions["durability"]>): Promise<Rate> {
  const data = mkdtempSync(join(tmpdir(), "shopfloor-bench-"));
  try {
    const factory = await openFactory(new URL("./fleet_to_sqlite_blueprint.ts", import.meta.url), {
      workshops,
      data,
      durability,
      epochMs: epoch,
      settings: { keys },
    });
    const before = process.cpuUsage();
    const perSecond = await throughput(factory, { warm, seconds });
    const { materials } = await factory.drain();
    const { user, system } = process.cpuUsage(before);
    check(data, { materials, durability });
    return { perSecond, cpuNs: (user + system) * 1_000 / materials };
  } finally {
    rmSync(data, { recursive: true });
  }
}

/** The tables hold a row for each material, and each device's count in it once. */
function check(data: string, { materials, durability }: { materials: number; durability: string }): void {
  const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
  const rows = TYPES.map((type) =>
    database.prepare(`SELECT COUNT(*) AS rows, SUM(count) AS counts FROM "product_${type}"`).get()!
  );
  database.close();
  const sum = (name: string) => rows.reduce((sum, row) => sum + Number(row[name]), 0);
  const wanted = fleetMeans(keys, materials).counts.reduce((sum, count) => sum + count * (count + 1) / 2, 0);
  if (materials === 0) problems.push(`${durability}: no material came`);
  if (sum("rows") !== materials) problems.push(`${durability}: ${materials} materials, ${sum("rows")} rows`);
  if (sum("counts") !== wanted) {
    problems.push(`${durability}: counts add up to ${sum("counts")}, not ${wanted}`);
  }
}
