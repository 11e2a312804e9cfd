/**
 * The program as a user runs it: in a process of its own, on the runtime that runs the tests.
 *
 * @module
 */

import { spawn } from "node:child_process";
import process from "node:process";
import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../mod.ts", import.meta.url));

/** Longest time that any of these programs may take; then it is killed, and the test fails by its exit code. */
const PATIENCE_MS = 45_000;

/** What a program came to. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run it. */
export interface ProgramOptions {
  /** For standard input, which is then closed; `"open"` leaves it open and empty. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A program under way. */
export interface Program {
  /** Its standard input. */
  readonly stdin: Writable;
  /** Sends it a signal. */
  signal(signal: "SIGINT" | "SIGTERM"): void;
  /** Resolves when it has ended and its output has been read. */
  readonly outcome: Promise<Outcome>;
  /** Resolves when the pattern is in what was written, on either output; rejects when the program ends before. */
  written(pattern: RegExp): Promise<RegExpExecArray>;
}

/** A blueprint of this folder. */
export function blueprint(name: string): string {
  return fileURLToPath(new URL(`./blueprints/${name}.ts`, import.meta.url));
}

/** Runs the program to its end. */
export function shopfloor(args: readonly string[], options: ProgramOptions = {}): Promise<Outcome> {
  return launch(args, options).outcome;
}

/** Starts the program. Whatever happens to the test, the program is gone after a while. */
export function launch(args: readonly string[], { stdin = "", env = {}, cwd }: ProgramOptions = {}): Program {
  const child = spawn(process.execPath, [...runtimeArgs(), MAIN, ...args], {
    cwd,
    env: { ...withoutOwnOptions(process.env), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  let stdout = "";
  let stderr = "";
  const wakes = new Set<() => void>();
  const wake = () => wakes.forEach((look) => look());
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
    wake();
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
    wake();
  });
  child.stdin.on("error", () => {}); // the program may end without having read it
  if (stdin !== "open") child.stdin.end(stdin);
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(patience);
      resolve({ code, stdout, stderr });
    });
  });
  const written = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(stdout) ?? pattern.exec(stderr);
        if (match) resolve(match);
      };
      wakes.add(look);
      look();
      outcome.then(({ code }) =>
        reject(new Error(`ended with ${code} without writing ${pattern}: ${stderr}`))
      );
    });
  return {
    stdin: child.stdin,
    // Not `child.kill`: on Deno 2.9 it hides the exit code and can't be called twice.
    signal: (signal) => void process.kill(child.pid!, signal),
    outcome,
    written,
  };
}

function runtimeArgs(): string[] {
  return process.versions.bun === undefined ? ["run", "-A", "--quiet"] : ["run"];
}

/** The tests' own surroundings must not set options of the program. */
function withoutOwnOptions(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("SHOPFLOOR_")));
}
