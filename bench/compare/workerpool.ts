/**
 * The fleet job over workerpool: a pool of one thread for each share of the keys, since a pool chooses the thread by
 * itself.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import { runtimeName } from "../../src/platform/mod.ts";
import type { Product } from "./fleet_job.ts";
import { pinnedFleet } from "./pinned_fleet.ts";

const path = fileURLToPath(new URL("./workerpool_worker.ts", import.meta.url));

// Version 10 never answers from a node:worker_threads thread on Bun, and can't be loaded in a Web Worker on Deno.
const workerType = runtimeName() === "bun" ? "web" : "thread";

await pinnedFleet("workerpool", () => {
  const pool = workerpool.pool(path, { minWorkers: 1, maxWorkers: 1, workerType });
  return {
    run: (batch): PromiseLike<Product[]> => pool.exec("serve", [batch]) as unknown as PromiseLike<Product[]>,
    close: () => pool.terminate() as unknown as PromiseLike<unknown>,
  };
});
