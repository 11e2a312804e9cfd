/**
 * One of several dispatchers that share the classes: for each class that it holds, it runs a factory. A program of
 * its own: `dispatcher.ts REGISTRY DATA DEVICES TTL_MS RATE_PER_SECOND`.
 *
 * A class's directory goes with the class. Whoever comes to hold it goes on behind the last commit, and the
 * directory's lock keeps two factories apart even if a holder stood still for longer than its lease.
 */

import { join } from "node:path";
import process from "node:process";
import { type Holding, openFactory, openRegistry, shareClasses } from "../../../mod.ts";
import { CLASSES } from "../devices.ts";

const [, , url, data, devices, ttlMs, rate] = process.argv;
const complain = (error: unknown): void => console.error(`dispatcher: ${error}`);
const registry = openRegistry(url, { onTrouble: complain });

const share = await shareClasses(registry, {
  group: "dispatch",
  classes: CLASSES,
  ttlMs: Number(ttlMs),
  hold: serve,
  onTrouble: complain,
});
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => void end());

/** Settles when the class is lost or handed over, not when its devices are done: nobody else need look at it. */
async function serve(name: string, { token, signal }: Holding): Promise<void> {
  console.log(`held ${name} ${token}`);
  const handedOver = new Promise<void>((done) => {
    if (signal.aborted) done();
    signal.addEventListener("abort", () => done());
  });
  await using factory = await openFactory(new URL("./blueprint.ts", import.meta.url), {
    workshops: 1,
    epochMs: 100,
    ratePerSecond: Number(rate), // without a pace one epoch would hold all the devices
    data: join(data, name),
    settings: { registry: url, devices: Number(devices), class: name, token },
  });
  const finished = factory.finished.then(() => {
    if (!signal.aborted) console.log(`done ${name} ${token}`);
    return handedOver;
  });
  await Promise.race([finished, handedOver]);
}

async function end(): Promise<void> {
  await share.close();
  await registry.close();
  process.exit(0);
}
