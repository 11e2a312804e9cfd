/**
 * Form 2 from its beginning to its end.
 *
 * @module
 */

import { deviceList } from "../devices.ts";
import type { Options } from "../options.ts";
import { inWords, Progress } from "../progress.ts";
import { serveAll } from "./client.ts";
import { openPlant } from "./plant.ts";
import type { Results } from "./results.ts";

/** Serves all devices; rejects with the signal's reason if it aborts before. Everything is ended in either case. */
export async function serveByGateway(options: Options, folder: string, signal: AbortSignal): Promise<void> {
  const { dispatchers, instances, devices } = options;
  const plant = await openPlant({ folder, dispatchers, instances, health: options });
  const { url, results } = plant;
  try {
    console.log(`gateway at ${url}: ${instances} of each service, ${dispatchers} dispatchers (Ctrl-C ends)`);
    const progress = new Progress({ total: devices, count: () => results.count(), print: console.log });
    const onRepeat = (reason: string) => console.log(`sent again: ${reason}`);
    try {
      await serveAll(deviceList(devices), { url, results, signal, onRepeat });
    } finally {
      await progress.end();
      await tellShares(results);
    }
  } finally {
    await plant.close();
  }
}

/** Says who has written how much, and of which class. */
async function tellShares(results: Results): Promise<void> {
  const all = await results.all();
  for (const by of ["dispatcher", "kind"] as const) {
    for (const [name, rows] of Map.groupBy(all, (result) => result[by])) {
      console.log(`${name}: ${inWords(rows.length)} results`);
    }
  }
}
