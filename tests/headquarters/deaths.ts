import { cpSync } from "node:fs";
import { setImmediate } from "node:timers";
import type { VirtualClock } from "../../src/testing/mod.ts";

/** Rounds of the event loop that are looked at: an operation takes fewer. */
const ROUNDS = 400;

/**
 * Copies a data directory in every round of the event loop until `promise` has settled, but for those rounds in which
 * nothing was written: each copy is what a process leaves that is killed at that moment.
 */
export async function deathsDuring(
  promise: Promise<unknown>,
  { clock, data, fresh }: { clock: VirtualClock; data: string; fresh: () => string },
): Promise<string[]> {
  let settled = false;
  const until = clock.until(promise).finally(() => settled = true);
  const copies: string[] = [];
  for (let round = 0; round < ROUNDS && !settled; round++) {
    const copy = fresh();
    cpSync(data, copy, { recursive: true });
    copies.push(copy);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  await until;
  return copies;
}
