/**
 * The registries' real servers, each in a folder and on ports of its own: started, killed and started again.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** A server under a test's control. */
export interface Server extends AsyncDisposable {
  /** `127.0.0.1:2379`. */
  readonly host: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, with the data that it had, on the port that it had. */
  start(): Promise<void>;
  /** Has it forget everything. Only while it is down. */
  wipe(): void;
}

/** How long a server may take to answer. */
const START_MS = 20_000;

/** Debian's etcd. */
export function startEtcd(): Promise<Server> {
  return startServer({
    command: "etcd",
    args: (folder, [client, peer]) => [
      ...["--data-dir", join(folder, "etcd"), "--log-level", "error"],
      ...["--listen-client-urls", `http://127.0.0.1:${client}`],
      ...["--advertise-client-urls", `http://127.0.0.1:${client}`],
      ...["--listen-peer-urls", `http://127.0.0.1:${peer}`],
      ...["--initial-advertise-peer-urls", `http://127.0.0.1:${peer}`],
      ...["--initial-cluster", `default=http://127.0.0.1:${peer}`],
    ],
    healthy: async ([port]) => {
      const response = await fetch(`http://127.0.0.1:${port}/health`);
      return (await response.text()).includes('"true"');
    },
  });
}

/** Debian's nats-server, with JetStream. */
export function startNats(): Promise<Server> {
  return startServer({
    command: "nats-server",
    args: (folder, [client, monitor]) => [
      ...["-js", "-sd", folder, "-a", "127.0.0.1", "-p", `${client}`, "-m", `${monitor}`],
    ],
    healthy: async ([, monitor]) => {
      const response = await fetch(`http://127.0.0.1:${monitor}/healthz`);
      return (await response.text()).includes('"ok"');
    },
  });
}

interface ServerSpec {
  readonly command: string;
  readonly args: (folder: string, ports: readonly number[]) => string[];
  readonly healthy: (ports: readonly number[]) => Promise<boolean>;
}

async function startServer({ command, args, healthy }: ServerSpec): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "shopfloor-"));
  const ports = await freePorts(2);
  let child: ChildProcess | undefined;
  const kill = async () => {
    const running = child;
    child = undefined;
    if (running && running.exitCode === null) await ended(running, "SIGKILL");
  };
  const start = async () => {
    const env = { ...process.env, GOMAXPROCS: "1" };
    const started = child = spawn(command, args(folder, ports), { stdio: "ignore", env });
    const failed = new Promise<never>((_, reject) => started.on("error", reject));
    failed.catch(() => {});
    for (const until = Date.now() + START_MS;;) {
      const ready = await Promise.race([healthy(ports).catch(() => false), failed]);
      if (ready) return;
      if (Date.now() > until) throw new Error(`${command} doesn't answer`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  await start();
  return {
    host: `127.0.0.1:${ports[0]}`,
    kill,
    start,
    wipe: () => rmSync(folder, { recursive: true, force: true }),
    [Symbol.asyncDispose]: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends a signal, and resolves when the process is gone. */
export function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    process.kill(child.pid!, signal);
  });
}

/** Ports that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const listeners = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    listeners.map((listener) =>
      new Promise<number>((resolve) =>
        listener.listen(0, "127.0.0.1", () => resolve((listener.address() as { port: number }).port))
      )
    ),
  );
  await Promise.all(listeners.map((listener) => new Promise((closed) => listener.close(closed))));
  return ports;
}
