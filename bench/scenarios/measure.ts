/**
 * What every scenario does: read its flags, warm up, measure, print one JSON line.
 *
 * @module
 */

import process from "node:process";
import { parseArgs } from "node:util";
import type { Factory, FactoryStatus } from "../../mod.ts";
import { runtimeVersion } from "../../src/platform/mod.ts";

/** Longest wait for a paused factory to deliver what it has bought. */
const QUIET_MS = 30_000;

/** What a scenario found out. */
export interface Findings {
  /** Contradictions in the result, in words: the program then ends with exit code 1. */
  readonly problems: readonly string[];
  /** Targets that this run did not reach, in words. A slow machine is no contradiction. */
  readonly missed?: readonly string[];
}

/** Numbers given as `--name value`, over defaults. */
export function flags<T extends Record<string, number>>(defaults: T): T {
  const options = Object.fromEntries(
    Object.keys(defaults).map((name) => [name, { type: "string" as const }]),
  );
  const { values } = parseArgs({ options });
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => {
      const number = values[name] === undefined ? value : Number(values[name]);
      if (!Number.isFinite(number)) {
        throw new TypeError(`--${name}: expected a number, found ${values[name]}`);
      }
      return [name, number];
    }),
  ) as T;
}

/** Resolves after so many seconds. */
export function sleepSeconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1_000));
}

/** Products delivered per second, over `seconds` after `warm` seconds. */
export async function throughput(
  factory: Factory,
  { warm, seconds }: { warm: number; seconds: number },
): Promise<number> {
  await sleepSeconds(warm);
  const startedAt = performance.now();
  const before = await factory.status();
  await sleepSeconds(seconds);
  const after = await factory.status();
  return (after.totals.products - before.totals.products) / ((performance.now() - startedAt) / 1_000);
}

/**
 * Pauses the factory and waits until each material bought has come out as one product.
 *
 * @throws {Error} when that doesn't happen within half a minute
 */
export async function quiet(factory: Factory): Promise<FactoryStatus> {
  await factory.pause();
  const endsAt = performance.now() + QUIET_MS;
  let materials = -1;
  while (true) {
    const status = await factory.status();
    const { totals } = status;
    if (totals.materials === materials && totals.products === materials) return status;
    if (performance.now() > endsAt) {
      throw new Error(`paused, and yet ${totals.materials} materials made ${totals.products} products`);
    }
    materials = totals.materials;
    await sleepSeconds(0.05);
  }
}

/** Prints the result as one JSON line; a scenario that contradicts itself ends with exit code 1. */
export function report(
  scenario: string,
  result: Record<string, unknown>,
  { problems, missed = [] }: Findings,
): void {
  const ok = problems.length === 0;
  const line = { scenario, runtime: runtimeVersion(), ...result, ok, problems, missed };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  process.exitCode = ok ? 0 : 1;
}

/** A number as reports have it: `digits` behind the point. */
export function rounded(value: number, digits: number = 0): number {
  return Number(value.toFixed(digits));
}

/** The middle value; the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1];
}

/** The mean. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
