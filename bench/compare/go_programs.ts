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

/** Paths of the built programs and the compiler's version, or why there are none. */
export type GoBuild =
  | { readonly version: string; readonly paths: Readonly<Record<typeof GO_PROGRAMS[number], string>> }
  | { readonly reason: string };

/** Builds the programs into a folder. */
export async function buildGo(folder: string): Promise<GoBuild> {
  const version = await outputOf("go", ["version"]);
  if (version === undefined) return { reason: "there is no go on the PATH" };
  const env = { GOCACHE: join(folder, "cache"), ...process.env, GO111MODULE: "off", GOFLAGS: "" };
  for (const name of GO_PROGRAMS) {
    const source = benchPath(`compare/go/${name}/main.go`);
    await promisify(execFile)("go", ["build", "-o", join(folder, name), source], { env });
  }
  return {
    version: /go(\d+\.\d+(?:\.\d+)?)/.exec(version)![1],
    paths: { idiomatic: join(folder, "idiomatic"), batched: join(folder, "batched") },
  };
}
