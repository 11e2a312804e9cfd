/**
 * Benchmarks in their small forms, on the runtime that runs the tests.
 *
 * @module
 */

import { benchPath, type Printed, printedBy, type Runtime, runtimes } from "../../bench/programs.ts";
import { runtimeName } from "../../src/platform/mod.ts";

/** Longest that a small form may take on a busy machine. */
const PATIENCE_MS = 50_000;

/** This runtime. */
export async function ownRuntime(): Promise<Runtime> {
  return (await runtimes()).found.find(({ name }) => name === runtimeName())!;
}

/** Runs a program of `bench/` with some flags; what it prints. */
export async function small(name: string, flags: Readonly<Record<string, number>>): Promise<Printed> {
  const { command } = await ownRuntime();
  const given = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  return await printedBy([...command, benchPath(name), ...given], { patienceMs: PATIENCE_MS });
}
