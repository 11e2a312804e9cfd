/**
 * How the programs behind the gateway come and go.
 *
 * @module
 */

import process from "node:process";
import { openRegistry } from "../../../mod.ts";

/** How long an endpoint that nothing is heard of stays in the registry. */
const TTL_MS = 3_000;

/** The gateway has taken over what the registry says after this time; until then requests may still come. */
const GRACE_MS = 1_000;

/** One program that answers for a service. */
export interface Registered {
  readonly registry: string;
  readonly service: string;
  readonly url: string;
  /** Ends what answers there, when nothing more comes. */
  readonly close: () => Promise<unknown>;
}

/**
 * Registers an endpoint, says so in a line, and waits for SIGINT or SIGTERM. Then it leaves the registry first, answers
 * for a moment longer, closes, and ends the process.
 */
export async function serveRegistered({ registry: at, service, url, close }: Registered): Promise<never> {
  const asked = new Promise<void>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve());
  });
  const registry = openRegistry(at);
  await registry.register(service, { url }, { ttlMs: TTL_MS });
  console.log(url);
  await asked;
  await registry.close();
  await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
  try {
    await close();
    process.exit(0);
  } catch (error) {
    console.error(`${service}: ${(error as Error).message}`);
    process.exit(1);
  }
}
