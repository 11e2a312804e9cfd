/**
 * A PostgreSQL of the example's own, in a directory of its own, on a Unix socket there.
 *
 * @module
 */

import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

/** Where Debian keeps it, by version. */
const PLACES = "/usr/lib/postgresql";

/** A server, and what may be asked of it. */
export interface Postgres {
  /** The directory of its socket: what `postgres({ host })` takes. The user and the database are `postgres`. */
  readonly host: string;
  /** Runs statements; resolves to the rows, the columns of each with `|` between them. @throws what psql says */
  query(statements: string): Promise<string[]>;
  /** Ends it. Whoever is connected is hung up on. */
  stop(): Promise<void>;
}

/**
 * Starts the `postgres` that is installed, in `folder/postgres`. Others must be able to get there: as root, the
 * server runs as the user `postgres`.
 *
 * @throws when there is none, or it doesn't start
 */
export async function startPostgres(folder: string): Promise<Postgres> {
  const host = join(folder, "postgres");
  mkdirSync(host);
  if (process.getuid?.() === 0) {
    chmodSync(folder, 0o755);
    await promisify(execFile)("chown", ["postgres:", host]);
  }
  const data = join(host, "data");
  const socketOnly = `-c listen_addresses= -c port=5432 -c unix_socket_directories=${host}`;
  await run(host, "initdb", ["-D", data, "-A", "trust", "-U", "postgres", "-N"]);
  await run(host, "pg_ctl", ["start", "-w", "-D", data, "-o", socketOnly, "-l", join(host, "log")]);
  return {
    host,
    query: async (statements) => {
      const args = ["-h", host, "-p", "5432", "-U", "postgres", "-XAtq", "-v", "ON_ERROR_STOP=1"];
      const text = await run(host, "psql", [...args, "-c", statements]);
      return text.split("\n").filter((line) => line !== "");
    },
    stop: async () => void await run(host, "pg_ctl", ["stop", "-w", "-D", data, "-m", "fast"]),
  };
}

/** Runs one of PostgreSQL's programs, as somebody who may; resolves to what it writes. */
async function run(folder: string, name: string, args: readonly string[]): Promise<string> {
  const program = join(programs(), name);
  const command = process.getuid?.() === 0
    ? ["runuser", "-u", "postgres", "--", program, ...args]
    : [program, ...args];
  return await new Promise((resolve, reject) => {
    // pg_ctl's server inherits what pg_ctl writes to: whoever waits for the end of that waits for the server's.
    const child = execFile(command[0], command.slice(1), { cwd: folder, maxBuffer: 2 ** 26 });
    const written = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name]!.setEncoding("utf8").on("data", (text: string) => void (written[name] += text));
    }
    child.once("error", reject);
    child.once(name === "pg_ctl" ? "exit" : "close", (code: number | null) => {
      if (code === 0) resolve(written.stdout);
      else reject(new Error(`${name} failed (${code}): ${written.stderr.trim()}`));
    });
  });
}

/** The newest version's. */
function programs(): string {
  const versions = existsSync(PLACES) ? readdirSync(PLACES).sort((a, b) => Number(b) - Number(a)) : [];
  if (versions.length === 0) throw new Error("there is no PostgreSQL: install Debian's postgresql");
  return join(PLACES, versions[0], "bin");
}
