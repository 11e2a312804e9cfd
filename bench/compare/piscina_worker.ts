/**
 * A thread of the fleet job over piscina.
 *
 * @module
 */

import type { Reading } from "../scenarios/fleet_source.ts";
import { Means, type Product } from "./fleet_job.ts";

const means = new Means();

/** What the pool calls. */
export default function serve(batch: Reading[]): Product[] {
  return batch.map((reading) => means.take(reading));
}
