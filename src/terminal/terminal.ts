/**
 * Where a command reads from and writes to: the process's own, or a test's.
 *
 * @module
 */

import process from "node:process";
import type { Environment } from "./values.ts";

/** A line that is written over and over. */
export interface StatusLine {
  /** Characters that fit. */
  readonly columns: number;
  /** Writes text where the cursor is, without a line's end. */
  write(text: string): void;
}

/** The surroundings of a command. */
export interface Terminal {
  readonly args: readonly string[];
  readonly environment: Environment;
  readonly workingDirectory: string;
  /** Writes lines to standard output. */
  print(text: string): void;
  /** Writes lines to standard error. */
  complain(text: string): void;
  /** Standard error, if a person looks at it; undefined when it is piped. */
  readonly status: StatusLine | undefined;
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  return {
    args: process.argv.slice(2),
    environment: env,
    workingDirectory: process.cwd(),
    print: (text) => void stdout.write(`${text}\n`),
    complain: (text) => void stderr.write(`${text}\n`),
    status: stderr.isTTY && env.TERM !== "dumb"
      ? { columns: stderr.columns || 80, write: (text) => void stderr.write(text) }
      : undefined,
  };
}

/** Ends the process when everything has been written: leaving earlier would cut what a slow pipe hasn't taken. */
export async function leave(code: number): Promise<never> {
  await Promise.all(
    [process.stdout, process.stderr].map((stream) =>
      new Promise<void>((written) => stream.write("", () => written()))
    ),
  );
  process.exit(code);
}

/** Ends the process quietly when the reader of its output has gone, as in `shopfloor … | head -1`. */
export function leaveWithReader(): void {
  process.stdout.on("error", (error: { code?: string }) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}
