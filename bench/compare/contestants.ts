/**
 * Who takes part in the comparison.
 *
 * @module
 */

import { join } from "node:path";
import { benchPath, type Runtime } from "../programs.ts";
import { GO_PROGRAMS } from "./go_programs.ts";

/** One program with its arguments. */
export interface Contestant {
  /** The same on every runtime and for every number of keys. */
  readonly name: string;
  readonly runtime: string;
  readonly keys: number;
  readonly command: readonly string[];
}

/** How long each program runs. */
export interface Duration {
  readonly seconds: number;
  readonly warm: number;
}

/** Few keys, whose states stay in the processor's caches, and many, whose states don't. */
export const KEYS: readonly number[] = [5_000, 100_000];

/** Ours. */
export const SHOPFLOOR = "Shopfloor";

/** As many as the pools have threads. */
const WORKSHOPS = 3;

/** What does the fleet job in TypeScript, by the path of its program. */
const PROGRAMS: Readonly<Record<string, string>> = {
  [SHOPFLOOR]: "scenarios/fleet.ts",
  "plain loop, one thread": "compare/plain_loop.ts",
  "poolifier-web-worker": "compare/poolifier.ts",
  piscina: "compare/piscina.ts",
  workerpool: "compare/workerpool.ts",
};

/** Only few keys for what is far behind anyway. */
const FEW_KEYS_ONLY: ReadonlySet<string> = new Set(["poolifier-web-worker", "piscina", "workerpool"]);

/**
 * Everybody.
 *
 * @param goFolder where the Go programs will be, if they can be built
 */
export function contestants(
  runtimes: readonly Runtime[],
  { goFolder, duration }: { goFolder: string | undefined; duration: Duration },
): Contestant[] {
  return KEYS.flatMap((keys) => [
    ...Object.keys(PROGRAMS).filter((name) => keys === KEYS[0] || !FEW_KEYS_ONLY.has(name)).flatMap((name) =>
      runtimes.map(({ name: runtime, command }) => {
        const program = [...command, benchPath(PROGRAMS[name])];
        const flags = { ...duration, keys, ...name === SHOPFLOOR && { workshops: WORKSHOPS } };
        return { name, runtime, keys, command: [...program, ...flagsOf("--", flags)] };
      })
    ),
    ...(goFolder === undefined ? [] : GO_PROGRAMS).map((name) => {
      const program = join(goFolder!, name);
      return {
        name: `Go, ${name}`,
        runtime: "go",
        keys,
        command: [program, ...flagsOf("-", { ...duration, keys })],
      };
    }),
  ]);
}

function flagsOf(dashes: string, values: Readonly<Record<string, number>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [dashes + name, String(value)]);
}
