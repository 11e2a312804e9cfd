/**
 * The whole of the example on one machine: etcd, services that register, and dispatchers, each a process of its own.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { openRegistry } from "../../mod.ts";
import { CLASSES } from "./devices.ts";
import { ended, type Etcd, startEtcd } from "./etcd.ts";
import { type Health, type MockService, startService } from "./mock_service.ts";

/** What a plant is made of. */
export interface PlantOptions {
  /** Where everything is kept. */
  readonly folder: string;
  readonly dispatchers: number;
  readonly devices: number;
  /** How long the classes of a dispatcher that died stay with it. */
  readonly ttlMs: number;
  /** Devices that are begun per second, of each class. */
  readonly ratePerSecond: number;
  readonly health?: Health;
  /** Is told what a dispatcher writes, a line at a time. */
  readonly onLine?: (dispatcher: number, line: string) => void;
}

/** A plant that runs. */
export interface Plant {
  readonly etcd: Etcd;
  /** Resolves when every class is done; rejects when no dispatcher is left. */
  readonly done: Promise<void>;
  /** Which dispatcher said last that it holds a class. */
  readonly holders: ReadonlyMap<string, number>;
  /** Ends a dispatcher as a power cut would. */
  kill(dispatcher: number): Promise<void>;
  /** Ends everything that was started, dispatchers first. */
  close(): Promise<void>;
}

/** Where the products of a class are. */
export function databaseOf(folder: string, kind: string): string {
  return join(folder, "classes", kind, "shopfloor.db");
}

/** Starts everything. What was started is ended again when something fails to. */
export async function openPlant(options: PlantOptions): Promise<Plant> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const etcd = await startEtcd(join(options.folder, "etcd"));
    closers.push(() => etcd.kill());
    const registry = openRegistry(etcd.url);
    closers.push(() => registry.close());
    for (const name of ["data", ...CLASSES.map((kind) => `compute-${kind}`)]) {
      const service: MockService = await startService(options.health);
      closers.push(() => service.close());
      await registry.register(name, { url: service.url }, { ttlMs: 10_000 });
    }
    const crew = startDispatchers(options, etcd.url);
    closers.push(() => Promise.all(crew.children.map((child) => ended(child, "SIGTERM"))));
    return { etcd, close, ...crew, kill: (dispatcher) => ended(crew.children[dispatcher], "SIGKILL") };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Crew extends Pick<Plant, "done" | "holders"> {
  readonly children: readonly ChildProcess[];
}

function startDispatchers(options: PlantOptions, url: string): Crew {
  const { folder, dispatchers, devices, ttlMs, ratePerSecond, onLine } = options;
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  done.catch(() => {}); // whoever waits for it is told
  const [holders, finished] = [new Map<string, number>(), new Set<string>()];
  let left = dispatchers;
  const children = Array.from({ length: dispatchers }, (_, index) => {
    const args = [url, join(folder, "classes"), `${devices}`, `${ttlMs}`, `${ratePerSecond}`];
    const child = spawn(process.execPath, [...runtimeArgs(), fileOf("./dispatcher.ts"), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.on("error", reject);
    child.once("exit", () => --left === 0 && reject(new Error("no dispatcher is left")));
    eachLine(child, (line) => {
      const [verb, name] = line.split(" ");
      if (verb === "held") holders.set(name, index);
      if (verb === "done" && finished.add(name).size === CLASSES.length) resolve();
      onLine?.(index, line);
    });
    return child;
  });
  return { done, holders, children };
}

function eachLine(child: ChildProcess, take: (line: string) => void): void {
  let rest = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    lines.forEach(take);
  });
}

function fileOf(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

function runtimeArgs(): string[] {
  return process.versions.bun === undefined ? ["run", "-A", "--quiet"] : ["run"];
}
