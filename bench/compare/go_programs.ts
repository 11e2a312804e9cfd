/**
 * The Go programs, built when a Go compiler is there.
 *
 * @module
 */

import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { benchPath, outputOf } from "../programs.ts";

/** The programs of `go/`. */
export const GO_PROGRAMS = ["idiomatic", "batched"] as const;

/** The compiler's version, or undefined if there is none. */
export async function goVersion(): Promise<string | undefined> {
  return /go(\d+\.\d+(?:\.\d+)?)/.exec(await outputOf("go", ["version"]) ?? "")?.[1];
}

/** Builds the programs into a folder, each under its name. */
export async function buildGo(folder: string): Promise<void> {
  const env = { GOCACHE: join(folder, "cache"), ...process.env, GO111MODULE: "off", GOFLAGS: "" };
  for (const name of GO_PROGRAMS) {
    const source = benchPath(`compare/go/${name}/main.go`);
    await promisify(execFile)("go", ["build", "-o", join(folder, name), source], { env });
  }
}
