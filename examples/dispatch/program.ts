/**
 * Programs of the example: child processes on the runtime that runs it, and what they write.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** How a program is started. */
export interface ProgramOptions {
  readonly args: readonly string[];
  /** Is told what it writes to standard output, a line at a time. */
  readonly onLine?: (line: string) => void;
}

/** A program that has been started. */
export interface Program {
  /** The first line that it writes; rejects when it ends without one. */
  readonly firstLine: Promise<string>;
  /** Its exit code when it has ended, undefined if a signal ended it. */
  readonly exited: Promise<number | undefined>;
  /** Sends a signal; resolves as `exited` does. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | undefined>;
}

/** Starts a file of this repository. What it writes to standard error is seen by whoever started us. */
export function startProgram(file: URL, { args, onLine }: ProgramOptions): Program {
  const runtimeArgs = process.versions.bun === undefined ? ["run", "-A", "--quiet"] : ["run"];
  const child = spawn(process.execPath, [...runtimeArgs, fileURLToPath(file), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true, // Ctrl-C is for whoever started it, who ends programs in their order
  });
  const { promise: firstLine, resolve, reject } = Promise.withResolvers<string>();
  firstLine.catch(() => {}); // not everybody waits for it
  const exited = new Promise<number | undefined>((gone) => {
    child.once("exit", (code) => gone(code ?? undefined));
    child.once("error", () => gone(undefined));
  });
  child.once("error", reject);
  void exited.then((code) =>
    reject(new Error(`${file.pathname} ended with ${code} before it said anything`))
  );
  eachLine(child, (line) => {
    resolve(line);
    onLine?.(line);
  });
  return {
    firstLine,
    exited,
    end(signal) {
      // Not `child.kill`: one runtime then takes the signal for the reason of the end, whatever the exit code.
      const running = child.exitCode === null && child.signalCode === null;
      if (running && child.pid !== undefined) process.kill(child.pid, signal);
      return exited;
    },
  };
}

function eachLine(child: ChildProcess, take: (line: string) => void): void {
  let rest = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    lines.forEach(take);
  });
}
