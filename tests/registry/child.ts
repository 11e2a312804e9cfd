import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { ended } from "./server.ts";

/** A program of `programs/`, run by the runtime that runs the tests. */
export interface Child extends AsyncDisposable {
  /** The lines that it has printed. */
  readonly lines: readonly string[];
  /** Resolves with the first line that the pattern fits. */
  printed(pattern: RegExp): Promise<string>;
  /** Sends it a signal. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it as the operating system would. */
  kill(): Promise<void>;
}

/** Starts a program; its standard error is the test's. */
export function startProgram(program: string, ...args: string[]): Child {
  const path = fileURLToPath(new URL(`./programs/${program}.ts`, import.meta.url));
  const run = process.versions.bun ? ["run", path] : ["run", "-A", "--quiet", path];
  const child: ChildProcess = spawn(process.execPath, [...run, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const wakes = new Set<() => void>();
  let rest = "";
  let gone = false;
  const wake = () => wakes.forEach((look) => look());
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    lines.push(...parts);
    wake();
  });
  child.on("exit", () => {
    gone = true;
    wake();
  });
  const kill = () => gone ? Promise.resolve() : ended(child, "SIGKILL");
  return {
    lines,
    kill,
    signal: (signal) => void (gone || process.kill(child.pid!, signal)),
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = lines.find((line) => pattern.test(line));
          if (line !== undefined) resolve(line);
          else if (gone) reject(new Error(`${program} ended without ${pattern}: ${lines.join("\n")}`));
          else return;
          wakes.delete(look);
        };
        wakes.add(look);
        look();
      }),
    [Symbol.asyncDispose]: kill,
  };
}
