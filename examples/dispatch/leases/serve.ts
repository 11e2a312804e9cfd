/**
 * Form 1 from its beginning to its end.
 *
 * @module
 */

import { CLASSES } from "../devices.ts";
import type { Options } from "../options.ts";
import { inWords, Progress } from "../progress.ts";
import { openPlant, resultsOf } from "./plant.ts";

/** Serves all devices; rejects with the signal's reason if it aborts before. Everything is ended in either case. */
export async function serveByLeases(options: Options, folder: string, signal: AbortSignal): Promise<void> {
  const count = () => CLASSES.reduce((sum, kind) => sum + resultsOf(folder, kind), 0);
  const plant = await openPlant({
    folder,
    dispatchers: options.dispatchers,
    devices: options.devices,
    ttlMs: options.ttlMs,
    ratePerSecond: options.rate,
    health: options,
    onLine: (dispatcher, line) => console.log(`dispatcher ${dispatcher}: ${line}`),
  });
  const progress = new Progress({ total: options.devices, count, print: console.log });
  try {
    const stopped = new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    await Promise.race([plant.done, stopped]);
  } finally {
    await progress.end();
    for (const kind of CLASSES) console.log(`${kind}: ${inWords(resultsOf(folder, kind))} results`);
    await plant.close();
  }
}
