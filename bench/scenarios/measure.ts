/**
 * What every scenario does: read its flags, warm up, measure, print one JSON line.
 *
 * @module
 */

import process from "node:process";
import { parseArgs } from "node:util";
import type { Factory } from "../../mod.ts";
import { runtimeVersion } from "../../src/platform/mod.ts";

/** Numbers given as `--name value`, over defaults. */
export function flags<T extends Record<string, number>>(defaults: T): T {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: "string" as const }]));
  const { values } = parseArgs({ options });
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => {
      const number = values[name] === undefined ? value : Number(values[name]);
      if (!Number.isFinite(number)) throw new TypeError(`--${name}: expected a number, found ${values[name]}`);
      return [name, number];
    }),
  ) as T;
}

/** Waits so many seconds. */
export function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1_000));
}

/** Products delivered per second, over `measured` seconds after `warm` seconds. */
export async function throughput(
  factory: Factory,
  { warm, measured }: { warm: number; measured: number },
): Promise<number> {
  await seconds(warm);
  const startedAt = performance.now();
  const before = await factory.status();
  await seconds(measured);
  const after = await factory.status();
  return (after.totals.products - before.totals.products) / ((performance.now() - startedAt) / 1_000);
}

/** Prints the result as one JSON line; a scenario that contradicts itself ends with exit code 1. */
export function report(scenario: string, result: Record<string, unknown>, problems: string[] = []): void {
  const line = { scenario, runtime: runtimeVersion(), ...result, ok: problems.length === 0, problems };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
