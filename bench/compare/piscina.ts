/**
 * The fleet job over piscina: a pool of one thread for each share of the keys, since a pool chooses the thread by
 * itself.
 *
 * @module
 */

import { Piscina } from "piscina";
import type { Reading } from "../scenarios/fleet_source.ts";
import type { Product } from "./fleet_job.ts";
import { pinnedFleet } from "./pinned_fleet.ts";

await pinnedFleet("piscina", () => {
  const pool = new Piscina<Reading[], Product[]>({
    filename: new URL("./piscina_worker.ts", import.meta.url).href,
    minThreads: 1,
    maxThreads: 1,
    concurrentTasksPerWorker: 4,
  });
  return { run: (batch) => pool.run(batch), close: () => pool.destroy() };
});
