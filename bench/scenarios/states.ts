/**
 * Whether a scenario's factory came to the right result: counts of everything, and the states of some workers.
 *
 * @module
 */

import type { Factory, Summary, Totals } from "../../mod.ts";

/** Devices whose worker is looked at. */
const SAMPLE = 100;

/** Workers' states by the index of their device; undefined where none is hired. */
export type States = ReadonlyMap<number, unknown>;

/** The states of some devices' workers, spread over all `keys`. */
export async function statesOf(factory: Factory, { keys }: { keys: number }): Promise<States> {
  const step = Math.max(1, Math.floor(keys / SAMPLE));
  const states = new Map<number, unknown>();
  for (let key = 0; key < keys; key += step) {
    states.set(key, (await factory.worker(`device-${key}`))?.state);
  }
  return states;
}

/**
 * What is wrong with a run in which each material makes one product.
 *
 * @param totals from before the states were looked at: a worker that was dismissed until then has begun anew
 * @param expected the state of a device's worker; it is not asked for devices that never sent anything
 */
export function contradictions(
  summary: Summary,
  { totals, states, expected }: {
    totals: Totals;
    states: States;
    expected: (key: number) => Readonly<Record<string, number>>;
  },
): string[] {
  const products = Object.values(summary.products).reduce((sum, count) => sum + count, 0);
  const problems: string[] = [];
  if (products !== summary.materials) problems.push(`${summary.materials} materials, ${products} products`);
  if (summary.materials === 0) problems.push("no material came");
  if (summary.deadLettered + summary.rejected + totals.retries > 0) {
    problems.push("items were rejected, retried or dead-lettered");
  }
  if (totals.dismissed > 0) return problems;
  for (const [key, state] of states) {
    const found = JSON.stringify(state);
    const wanted = JSON.stringify(expected(key));
    if (state !== undefined && found !== wanted) problems.push(`device-${key}: ${found}, not ${wanted}`);
  }
  return problems;
}
