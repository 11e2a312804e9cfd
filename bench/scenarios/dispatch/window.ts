/**
 * The time that is measured.
 *
 * @module
 */

import process from "node:process";
import { sleepSeconds } from "../measure.ts";
import type { DispatchRun } from "./run.ts";

/** Lets `seconds` go by after `warm`. Times are ms since 1970. */
export async function measured(
  { warm, seconds }: { warm: number; seconds: number },
): Promise<Pick<DispatchRun, "from" | "to" | "cores">> {
  await sleepSeconds(warm);
  const from = Date.now();
  const cpu = process.cpuUsage();
  await sleepSeconds(seconds);
  const to = Date.now();
  const { user, system } = process.cpuUsage(cpu);
  return { from, to, cores: (user + system) / 1_000 / (to - from) };
}
