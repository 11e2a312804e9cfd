/**
 * The fleet job over poolifier-web-worker: a pool of one thread for each share of the keys, since a pool chooses
 * the thread by itself.
 *
 * @module
 */

import { FixedThreadPool } from "poolifier-web-worker";
import type { Reading } from "../scenarios/fleet_source.ts";
import type { Product } from "./fleet_job.ts";
import { pinnedFleet } from "./pinned_fleet.ts";

await pinnedFleet("poolifier", () => {
  const pool = new FixedThreadPool<Reading[], Product[]>(
    1,
    new URL("./poolifier_worker.ts", import.meta.url),
  );
  return { run: (batch) => pool.execute(batch), close: () => pool.destroy() };
});
