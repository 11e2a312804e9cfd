import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Runs one of the programs under the runtime that runs this test. */
export function start(program: string, ...args: string[]): ChildProcess {
  const path = fileURLToPath(new URL(`./programs/${program}.ts`, import.meta.url));
  const run = process.versions.bun ? ["run", path] : ["run", "-A", path];
  return spawn(process.execPath, [...run, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

/** Resolves when the program has printed this text, or something behind it. */
export function printed(child: ChildProcess, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = "";
    child.stdout!.on("data", (some) => (all += some).includes(text) && resolve(all));
    child.on("close", () => reject(new Error(`ended without printing ${text}, but: ${all}`)));
  });
}

/** Kills it as the operating system would, and resolves when it is gone. */
export function kill(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on("close", () => resolve());
    child.kill("SIGKILL");
  });
}
