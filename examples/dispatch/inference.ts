/**
 * What is done for a device, in both forms: its raw data is fetched, and sent to the compute service of its class.
 *
 * @module
 */

import { z } from "zod";
import type { Context, TurnOptions } from "../../mod.ts";

/** One business: this device wants to be served. */
export const business = z.object({ device: z.string(), kind: z.string() });

/**
 * Few at a time for each workshop: a call that waits uses up its deadline too. Services may be away for long: a device
 * waits for them rather than end as a dead letter.
 */
export const TURN: TurnOptions = { timeoutMs: 10_000, concurrency: 64, retries: { attempts: 1_000 } };

/** A call's time. Longer than a service that seems to be down is left alone, so that calls outlive that. */
export const DEADLINE_MS = 3_000;

const rawData = z.object({ id: z.string(), values: z.array(z.number()) });
const inference = z.object({ score: z.number() });

/** Asks both services, which only read. An answer that isn't what it must be fails the turn. */
export async function infer({ device, kind }: z.infer<typeof business>, { call }: Context): Promise<number> {
  const raw = rawData.parse(await call("data", "raw", { id: device }, { idempotent: true }));
  return inference.parse(await call(`compute-${kind}`, "infer", raw, { idempotent: true })).score;
}
