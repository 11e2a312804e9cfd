/**
 * An etcd of the example's own, in a directory of its own.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** How long it may take to answer. */
const START_MS = 20_000;

/** An etcd that answers. */
export interface Etcd {
  /** For `openRegistry`. */
  readonly url: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, with what it knew. */
  start(): Promise<void>;
}

/** Starts the `etcd` that is installed. @throws when there is none, or it doesn't answer */
export async function startEtcd(folder: string): Promise<Etcd> {
  const [client, peer] = [await freePort(), await freePort()];
  const here = (port: number) => `http://127.0.0.1:${port}`;
  const args = [
    ...["--data-dir", folder, "--log-level", "error", "--initial-cluster", `default=${here(peer)}`],
    ...["--listen-client-urls", here(client), "--advertise-client-urls", here(client)],
    ...["--listen-peer-urls", here(peer), "--initial-advertise-peer-urls", here(peer)],
  ];
  let child: ChildProcess;
  const start = async () => {
    child = spawn("etcd", args, { stdio: "ignore", detached: true });
    const failed = new Promise<never>((_, reject) =>
      child.once(
        "error",
        (cause) => reject(new Error(`etcd can't be run: is etcd-server installed?`, { cause })),
      )
    );
    await Promise.race([failed, answers(`${here(client)}/health`)]);
  };
  await start();
  return { url: `etcd://127.0.0.1:${client}`, start, kill: () => killed(child) };
}

function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

async function answers(url: string): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    const text = await fetch(url).then((response) => response.text(), () => "");
    if (text.includes('"true"')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("etcd doesn't answer");
}

function freePort(): Promise<number> {
  const listener = createServer();
  return new Promise((resolve) =>
    listener.listen(0, "127.0.0.1", () => {
      const { port } = listener.address() as AddressInfo;
      listener.close(() => resolve(port));
    })
  );
}
