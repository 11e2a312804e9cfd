/**
 * Form 1 on one machine: etcd, services that register, and dispatchers, each a process of its own.
 *
 * @module
 */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openRegistry } from "../../../mod.ts";
import { type Closers, opened } from "../closers.ts";
import { CLASSES, SERVICES } from "../devices.ts";
import { type Etcd, startEtcd } from "../etcd.ts";
import { type Health, startService } from "../mock_service.ts";
import { type Program, startProgram } from "../program.ts";

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
  kill(dispatcher: number): Promise<unknown>;
  /** Ends everything that was started, dispatchers first. */
  close(): Promise<void>;
}

/** Where the products of a class are. */
export function databaseOf(folder: string, kind: string): string {
  return join(folder, "classes", kind, "shopfloor.db");
}

/** How many results of a class there are: 0 until somebody has held it. */
export function resultsOf(folder: string, kind: string): number {
  try {
    using database = new DatabaseSync(databaseOf(folder, kind), { readOnly: true });
    return Number(database.prepare("SELECT count(*) AS n FROM product_result").get()!.n);
  } catch {
    return 0;
  }
}

/** Starts everything. What was started is ended again when something fails to. */
export function openPlant(options: PlantOptions): Promise<Plant> {
  return opened(async (closers) => {
    const etcd = await startEtcd(join(options.folder, "etcd"));
    closers.add(() => etcd.kill());
    const registry = openRegistry(etcd.url);
    closers.add(() => registry.close());
    for (const name of SERVICES) {
      const service = await startService(options.health);
      closers.add(() => service.close());
      await registry.register(name, { url: service.url }, { ttlMs: 10_000 });
    }
    return { etcd, ...startCrew(options, { url: etcd.url, closers }) };
  });
}

function startCrew(
  options: PlantOptions,
  { url, closers }: { url: string; closers: Closers },
): Pick<Plant, "done" | "holders" | "kill"> {
  const { folder, dispatchers, devices, ttlMs, ratePerSecond, onLine } = options;
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  done.catch(() => {}); // whoever waits for it is told
  const [holders, finished] = [new Map<string, number>(), new Set<string>()];
  const args = [url, join(folder, "classes"), `${devices}`, `${ttlMs}`, `${ratePerSecond}`];
  const crew: Program[] = Array.from(
    { length: dispatchers },
    (_, index) =>
      startProgram(new URL("./dispatcher.ts", import.meta.url), {
        args,
        onLine(line) {
          const [verb, name] = line.split(" ");
          if (verb === "held") holders.set(name, index);
          if (verb === "done" && finished.add(name).size === CLASSES.length) resolve();
          onLine?.(index, line);
        },
      }),
  );
  closers.add(() => Promise.all(crew.map((program) => program.end("SIGTERM"))));
  void Promise.all(crew.map(({ exited }) => exited)).then(() => reject(new Error("no dispatcher is left")));
  return { done, holders, kill: (dispatcher) => crew[dispatcher].end("SIGKILL") };
}
