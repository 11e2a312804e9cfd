/**
 * Form 2 on one machine: etcd, PostgreSQL, the gateway, and services and dispatchers behind it, several of each, each a
 * process of its own.
 *
 * @module
 */

import { join } from "node:path";
import { opened } from "../closers.ts";
import { SERVICES } from "../devices.ts";
import { type Etcd, startEtcd } from "../etcd.ts";
import type { Health } from "../mock_service.ts";
import { type Program, startProgram } from "../program.ts";
import { openResults, type Results } from "./results.ts";

/** How long the gateway may take to see those that have registered. */
const ROUTED_MS = 20_000;

/** What a plant is made of. */
export interface PlantOptions {
  /** Where everything is kept. */
  readonly folder: string;
  readonly dispatchers: number;
  /** Of each service. */
  readonly instances: number;
  readonly health?: Health;
}

/** A plant that runs. */
export interface Plant {
  readonly etcd: Etcd;
  readonly results: Results;
  /** Where the gateway listens. */
  readonly url: string;
  /** Those that were started, whether or not they still run. */
  readonly dispatchers: readonly Program[];
  /** The instances of each service, likewise. */
  readonly services: ReadonlyMap<string, readonly Program[]>;
  /** Starts one more; resolves when it is registered. */
  startDispatcher(): Promise<void>;
  /** Starts one more instance of a service; resolves when it is registered. */
  startInstance(service: string): Promise<void>;
  /** Ends everything that was started, dispatchers first. */
  close(): Promise<void>;
}

/** Starts everything. What was started is ended again when something fails to. */
export function openPlant(
  { folder, dispatchers: count, instances, health = {} }: PlantOptions,
): Promise<Plant> {
  return opened(async (closers) => {
    const etcd = await startEtcd(join(folder, "etcd"));
    closers.add(() => etcd.kill());
    const results = await openResults(folder);
    closers.add(() => results.close());
    const services = new Map<string, Program[]>(SERVICES.map((name) => [name, []]));
    closers.add(() => ended([...services.values()].flat()));
    const gateway = startGateway(etcd.url);
    closers.add(() => ended([gateway]));
    const dispatchers: Program[] = [];
    closers.add(() => ended(dispatchers));

    const start = async (programs: Program[], file: string, args: readonly string[]) => {
      const program = startProgram(new URL(file, import.meta.url), { args });
      programs.push(program);
      await program.firstLine;
    };
    const startInstance = (name: string) =>
      start(services.get(name)!, "./service.ts", [etcd.url, name, JSON.stringify(health)]);
    await Promise.all(
      SERVICES.flatMap((name) => Array.from({ length: instances }, () => startInstance(name))),
    );
    const { url } = JSON.parse(await gateway.firstLine) as { url: string };
    const startDispatcher = () => start(dispatchers, "./dispatcher.ts", [etcd.url, url, results.host]);
    await Promise.all(Array.from({ length: count }, startDispatcher));
    await routed(url, count);
    return { etcd, results, url, dispatchers, services, startDispatcher, startInstance };
  });
}

/** The project's own command, on any free port. */
function startGateway(registry: string): Program {
  const services = [...SERVICES, "dispatch"].join(",");
  const args = ["gateway", "--registry", registry, "--services", services, "--port", "0", "--json"];
  return startProgram(new URL("../../../mod.ts", import.meta.url), { args });
}

/** Waits until the gateway has taken over what the registry says: each dispatcher has answered through it. */
async function routed(gateway: string, count: number): Promise<void> {
  const until = Date.now() + ROUTED_MS;
  for (const seen = new Set<string>(); seen.size < count;) {
    if (Date.now() > until) throw new Error(`the gateway reaches ${seen.size} dispatchers, not ${count}`);
    const response = await fetch(`${gateway}/dispatch/v1/factory`, {
      signal: AbortSignal.timeout(ROUTED_MS),
    });
    if (response.ok) seen.add((await response.json()).settings.dispatcher);
    else await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function ended(programs: readonly Program[]): Promise<unknown> {
  return Promise.all(programs.map((program) => program.end("SIGTERM")));
}
