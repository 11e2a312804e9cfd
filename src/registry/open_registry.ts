import { type Clock, systemClock } from "../core/mod.ts";
import { parseAddress } from "./address.ts";
import { EtcdBackend } from "./etcd_backend.ts";
import { MemoryBackend } from "./memory_backend.ts";
import { NatsBackend } from "./nats_backend.ts";
import type { Registry } from "./registry.ts";
import { ServedRegistry } from "./served_registry.ts";

/** How {@link openRegistry} goes about it. */
export interface OpenRegistryOptions {
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** 0 to 1, for the length of waits. Default `Math.random`. */
  readonly random?: () => number;
  /** Is told why something has to be tried again: the registry is down, for instance. Default: nobody is. */
  readonly onTrouble?: (error: unknown) => void;
}

/**
 * Opens a registry by its URL. Nothing is sent before it is asked for something.
 *
 * - `memory:NAME`: inside of this thread; whoever opens the same name there has the same registry.
 * - `etcd://HOST:PORT[,HOST:PORT…][/PREFIX]`: etcd, by its v3 JSON gateway. Times to live are rounded up to whole
 *   seconds, and at least two of them.
 * - `nats://HOST:PORT[,HOST:PORT…][/BUCKET]`: a key-value bucket of NATS JetStream, made if missing.
 *
 * @throws {RegistryError} with the code `REGISTRY_REFUSED`, for a URL that is none of these
 *
 * @example
 * ```ts
 * import { openRegistry } from "@shopfloor/shopfloor";
 * import assert from "node:assert/strict";
 *
 * const registry = openRegistry("memory:example");
 * await registry.register("scales", { url: "http://127.0.0.1:9001" }, { ttlMs: 10_000 });
 * const seen: string[] = [];
 * const { signal } = new AbortController();
 * await registry.watch("scales", { signal, onChange: (endpoints) => seen.push(...endpoints.map(({ url }) => url)) });
 * assert.deepEqual(seen, ["http://127.0.0.1:9001"]);
 * await registry.close();
 * ```
 */
export function openRegistry(url: string, options: OpenRegistryOptions = {}): Registry {
  const { clock = systemClock, random = Math.random, onTrouble = () => {} } = options;
  const address = parseAddress(url);
  const backend = address.scheme === "memory"
    ? new MemoryBackend(address.hosts[0], clock)
    : address.scheme === "etcd"
    ? new EtcdBackend(address, clock)
    : new NatsBackend(address, clock);
  return new ServedRegistry(backend, { clock, random, onTrouble });
}
