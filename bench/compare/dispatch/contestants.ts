/**
 * Who takes part in the comparison of the dispatch.
 *
 * @module
 */

import { benchPath, type Runtime } from "../../programs.ts";

/** One program with its arguments. */
export interface Contestant {
  /** A mode of the dispatch, or `go`. */
  readonly mode: string;
  readonly runtime: string;
  readonly command: readonly string[];
}

/** What is said of each mode. */
export const MODES: Readonly<Record<string, string>> = {
  sequential: "one after the other",
  pool: "50 Web Workers, a pool",
  coroutines: "one thread, coroutines",
  "web-workers": "2 Web Workers, coroutines",
  factory: "Shopfloor",
  go: "Go, 200 goroutines",
};

/** Everybody, against the services at `url`. */
export function contestants(
  runtimes: readonly Runtime[],
  { url, seconds, warm, dispatch }: { url: string; seconds: number; warm: number; dispatch?: string },
): Contestant[] {
  const time = ["--url", url, "--seconds", String(seconds), "--warm", String(warm)];
  const ours = Object.keys(MODES).filter((mode) => mode !== "go").flatMap((mode) =>
    runtimes.map(({ name, command }) => ({
      mode,
      runtime: name,
      command: [...command, benchPath("scenarios/dispatch.ts"), "--mode", mode, ...time],
    }))
  );
  return dispatch === undefined
    ? ours
    : [...ours, { mode: "go", runtime: "go", command: [dispatch, ...time] }];
}
