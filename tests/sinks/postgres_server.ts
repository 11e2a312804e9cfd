/** A PostgreSQL server of the test's own, in a directory that is gone afterwards. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";

const PLACES = "/usr/lib/postgresql";
/** How long a server may take to come up, or to go. */
const PATIENCE_MS = 30_000;

/** The newest one that is installed. */
function program(name: string): string {
  const versions = existsSync(PLACES) ? readdirSync(PLACES).sort((a, b) => Number(b) - Number(a)) : [];
  if (versions.length === 0) throw new Error("these tests want PostgreSQL: apt-get install postgresql");
  return join(PLACES, versions[0], "bin", name);
}

/** PostgreSQL refuses to run as root. */
function asSomebody(command: string, ...args: string[]): [string, string[]] {
  return process.getuid?.() === 0 ? ["runuser", ["-u", "postgres", "--", command, ...args]] : [command, args];
}

/** Starts, kills and asks one server. It listens on a Unix socket only. */
export class PostgresServer {
  /** Of the socket: what a sink takes as its host. */
  readonly host: string;
  readonly user = "postgres";
  readonly database = "postgres";
  readonly #data: string;
  #child: ChildProcess | undefined;

  private constructor(host: string) {
    this.host = host;
    this.#data = join(host, "data");
  }

  static async start(): Promise<PostgresServer> {
    const host = mkdtempSync(join(tmpdir(), "shopfloor-pg-"));
    chmodSync(host, 0o755);
    if (process.getuid?.() === 0) {
      const id = (option: string) => Number(execFileSync("id", [option, "postgres"], { encoding: "utf8" }));
      chownSync(host, id("-u"), id("-g"));
    }
    const server = new PostgresServer(host);
    const [command, args] = asSomebody(
      program("initdb"),
      "-D",
      server.#data,
      "-A",
      "trust",
      "-U",
      "postgres",
      "-N",
    );
    execFileSync(command, args, { stdio: ["ignore", "ignore", "inherit"], cwd: host });
    await server.resume();
    return server;
  }

  /** What a sink takes to get here. */
  get settings(): { host: string; user: string; database: string } {
    const { host, user, database } = this;
    return { host, user, database };
  }

  /** Its socket. */
  get socket(): string {
    return join(this.host, ".s.PGSQL.5432");
  }

  /** Starts it again. */
  async resume(): Promise<void> {
    const options = [
      "listen_addresses=",
      "port=5432",
      "max_connections=20",
      `unix_socket_directories=${this.host}`,
    ];
    const settings = [...options, "fsync=off"].flatMap((option) => ["-c", option]);
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      if (this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) {
        const [command, args] = asSomebody(program("postgres"), "-D", this.#data, ...settings);
        this.#child = spawn(command, args, { stdio: "ignore", cwd: this.host });
      }
      if (await this.query("SELECT 1").then(() => true, () => false)) return;
      await sleep(50);
    }
    throw new Error("PostgreSQL doesn't come up");
  }

  /** Kills it with everything that it has started, as a power loss would. */
  async kill(): Promise<void> {
    const postmaster = Number(readFileSync(join(this.#data, "postmaster.pid"), "utf8").split("\n")[0]);
    for (const pid of [postmaster, ...childrenOf(postmaster)]) signal(pid, "SIGKILL");
    const deadline = Date.now() + PATIENCE_MS;
    while (isAlive(postmaster) && Date.now() < deadline) await sleep(10);
  }

  /** Lets every process of it stand still, or go on. */
  stall(still: boolean): void {
    const postmaster = Number(readFileSync(join(this.#data, "postmaster.pid"), "utf8").split("\n")[0]);
    for (const pid of [postmaster, ...childrenOf(postmaster)]) signal(pid, still ? "SIGSTOP" : "SIGCONT");
  }

  /** Runs a statement on a connection of its own. */
  async query(statement: string): Promise<Record<string, unknown>[]> {
    const sql = postgres({
      ...this.settings,
      max: 1,
      fetch_types: false,
      backoff: () => 0,
      onnotice: () => {},
    });
    try {
      return [...await sql.unsafe(statement)];
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.host, { recursive: true, force: true });
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc").map(Number).filter((pid) => pid > 0 && parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined; // it has ended meanwhile
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

function signal(pid: number, name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended meanwhile
  }
}
