/**
 * A thread of the fleet job over workerpool.
 *
 * @module
 */

import workerpool from "workerpool";
import type { Reading } from "../scenarios/fleet_source.ts";
import { Means, type Product } from "./fleet_job.ts";

const means = new Means();

workerpool.worker({
  serve: (batch: Reading[]): Product[] => batch.map((reading) => means.take(reading)),
});
