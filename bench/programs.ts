/**
 * Programs in fresh processes: the benchmarks' scenarios and contestants, on whatever runtimes are installed.
 *
 * @module
 */

import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runtimeName } from "../src/platform/mod.ts";

const run = promisify(execFile);

/** A runtime that is there. */
export interface Runtime {
  readonly name: string;
  readonly version: string;
  /** What runs a program of this repository: the path (or flag …) comes behind. */
  readonly command: readonly string[];
}

/** Why something was left out. */
export interface Skipped {
  readonly what: string;
  readonly reason: string;
}

/** The one JSON line that a program prints, with what all of them have. */
export interface Printed {
  readonly ok: boolean;
  readonly itemsPerSecond?: number;
  readonly [name: string]: unknown;
}

/** Arguments before a program's path. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  deno: ["run", "-A", "--quiet"],
  bun: ["run"],
};

/** The runtimes that this machine has: the one that runs this, and the other if it is on the PATH. */
export async function runtimes(): Promise<{ found: Runtime[]; skipped: Skipped[] }> {
  const found: Runtime[] = [];
  const skipped: Skipped[] = [];
  for (const [name, args] of Object.entries(ARGUMENTS)) {
    const program = name === runtimeName() ? process.execPath : name;
    const version = await outputOf(program, ["--version"]);
    if (version === undefined) skipped.push({ what: name, reason: `there is no ${name} on the PATH` });
    else found.push({ name, version: /\d+\.\d+\.\d+/.exec(version)![0], command: [program, ...args] });
  }
  return { found, skipped };
}

/** What a program prints, or undefined if there is no such program. */
export async function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(program, args)).stdout.trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Runs a program to its end and reads its JSON line.
 *
 * @throws {Error} when it takes longer than `patienceMs`, prints none, or its exit code says something else
 */
export async function printedBy(
  [program, ...args]: readonly string[],
  { patienceMs = 120_000 }: { patienceMs?: number } = {},
): Promise<Printed> {
  const options = { timeout: patienceMs, killSignal: "SIGKILL" } as const;
  const { stdout, stderr, code } = await run(program, args, options).then(
    (output) => ({ ...output, code: 0 as number | string | undefined }),
    (error: { stdout?: string; stderr?: string; code?: number | string }) => ({
      stdout: "",
      stderr: "",
      ...error,
    }),
  );
  const line = stdout.trim().split("\n").at(-1)!;
  const printed: Printed | undefined = line.startsWith("{") ? JSON.parse(line) : undefined;
  if (printed && code === (printed.ok ? 0 : 1)) return printed;
  throw new Error(`${[program, ...args].join(" ")} ended with ${code}: ${stdout}${stderr}`);
}

/** The path of a program of `bench/`. */
export function benchPath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
