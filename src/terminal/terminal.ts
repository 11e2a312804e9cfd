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

/** A screen that a command has for itself, with a keyboard. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** Writes text and escape codes as they are. */
  write(text: string): void;
  /**
   * Takes the keyboard: from now on keys come one by one, Ctrl-C too, and `onResize` tells of another size. Returns
   * what gives it back.
   */
  attend(on: { key: (key: string) => void; resize: () => void }): () => void;
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
  /** Resolves when whoever reads standard output has taken what was printed. */
  flush(): Promise<void>;
  /** Whether standard output, and standard error, may be coloured: a person looks at it and has not said NO_COLOR. */
  readonly colour: { readonly output: boolean; readonly errors: boolean };
  /** The whole terminal, if a person looks at standard output and sits at standard input. */
  readonly screen: Screen | undefined;
  /** Standard error, if a person looks at it; undefined when it is piped. */
  readonly status: StatusLine | undefined;
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const dumb = env.TERM === "dumb";
  const coloured = (isTTY: boolean) => isTTY && !dumb && !env.NO_COLOR;
  return {
    args: process.argv.slice(2),
    environment: env,
    workingDirectory: process.cwd(),
    print: (text) => void stdout.write(`${text}\n`),
    complain: (text) => void stderr.write(`${text}\n`),
    flush: () => new Promise((taken) => stdout.write("", () => taken())),
    colour: { output: coloured(stdout.isTTY), errors: coloured(stderr.isTTY) },
    screen: stdin.isTTY && stdout.isTTY && !dumb ? processScreen() : undefined,
    status: stderr.isTTY && !dumb
      ? { columns: stderr.columns || 80, write: (text) => void stderr.write(text) }
      : undefined,
  };
}

function processScreen(): Screen {
  const { stdin, stdout } = process;
  return {
    get columns() {
      return stdout.columns || 80;
    },
    get rows() {
      return stdout.rows || 24;
    },
    write: (text) => void stdout.write(text),
    attend({ key, resize }) {
      const pressed = (bytes: Uint8Array) => key(new TextDecoder().decode(bytes));
      stdin.setRawMode(true);
      stdin.on("data", pressed).resume();
      stdout.on("resize", resize);
      return () => {
        stdout.off("resize", resize);
        stdin.off("data", pressed).pause();
        stdin.setRawMode(false);
      };
    },
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
