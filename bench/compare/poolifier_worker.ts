/**
 * A thread of the fleet job over poolifier-web-worker.
 *
 * @module
 */

import { ThreadWorker } from "poolifier-web-worker";
import type { Reading } from "../scenarios/fleet_source.ts";
import { Means, type Product } from "./fleet_job.ts";

const means = new Means();

const worker: ThreadWorker<Reading[], Product[]> = new ThreadWorker((batch?: Reading[]) =>
  batch!.map((reading) => means.take(reading))
);
export default worker;
