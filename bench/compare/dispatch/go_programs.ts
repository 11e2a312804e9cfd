/**
 * The Go programs of the dispatch, built when a Go compiler is there: the mock service, and the dispatcher where there
 * is also the SQLite driver, of Debian's `golang-github-mattn-go-sqlite3-dev`.
 *
 * @module
 */

import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { benchPath, type Skipped } from "../../programs.ts";
import { goVersion } from "../go_programs.ts";

/** What could be built. */
export interface GoPrograms {
  readonly version?: string;
  /** Paths of the programs. */
  readonly mock?: string;
  readonly dispatch?: string;
  readonly skipped: readonly Skipped[];
}

/** Where Debian's packages put Go's sources. */
const DEBIAN_GOPATH = "/usr/share/gocode";

/** Builds into a folder what can be built. */
export async function buildGo(folder: string): Promise<GoPrograms> {
  const version = await goVersion();
  if (version === undefined) {
    return { skipped: [{ what: "the Go programs", reason: "there is no go on the PATH" }] };
  }
  const mock = await build("mock", { folder });
  try {
    return { version, mock, dispatch: await build("dispatch", { folder, tags: "libsqlite3" }), skipped: [] };
  } catch (error) {
    const [reason] = String((error as { stderr?: string }).stderr ?? error).trim().split("\n").slice(-1);
    return { version, mock, skipped: [{ what: "Go's dispatcher", reason }] };
  }
}

async function build(
  name: string,
  { folder, tags = "" }: { folder: string; tags?: string },
): Promise<string> {
  const program = join(folder, name);
  const env = {
    GOCACHE: join(folder, "cache"),
    GOPATH: DEBIAN_GOPATH,
    ...process.env,
    GO111MODULE: "off",
    GOFLAGS: "",
  };
  const source = benchPath(`compare/go/${name}/main.go`);
  await promisify(execFile)("go", ["build", "-tags", tags, "-o", program, source], { env });
  return program;
}
