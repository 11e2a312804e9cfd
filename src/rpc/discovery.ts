/**
 * Where the endpoints of services come from.
 *
 * @module
 */

import { type Clock, sleep } from "../core/mod.ts";
import type { Endpoint, Registry } from "../registry/mod.ts";
import { backOffMs } from "./back_off.ts";

/** As much of a registry as a caller of services needs. */
export type Directory = Pick<Registry, "watch" | "close">;

/** Opens a registry by its URL. */
export type OpenRegistry = (url: string) => Directory | Promise<Directory>;

/** What discovery is made with. */
export interface DiscoveryOptions {
  readonly clock: Clock;
  /** 0 up to 1 */
  readonly random: () => number;
  /** Default: the registries that come with Shopfloor, loaded when the first is needed. */
  readonly openRegistry?: OpenRegistry;
}

/** What is to be found. */
export interface Wanted {
  /** Of the registry. */
  readonly url: string;
  /** Of the service there. */
  readonly name: string;
  readonly onChange: (endpoints: readonly Endpoint[]) => void;
}

/** Follows services in their registries; services with the same registry share it. */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #abort = new AbortController();
  readonly #registries = new Map<string, Promise<Directory>>();

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  /** Follows a service until {@link close}. A registry that can't be reached is tried again. */
  async follow({ url, name, onChange }: Wanted): Promise<void> {
    const { clock, random } = this.#options;
    const { signal } = this.#abort;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        const registry = await this.#registry(url);
        return await registry.watch(name, { signal, onChange });
      } catch {
        await sleep(clock, backOffMs(failures, random), signal).catch(() => {});
      }
    }
  }

  /** Ends all following. */
  close(): void {
    this.#abort.abort();
    for (const registry of this.#registries.values()) {
      registry.then((open) => open.close()).catch(() => {}); // nothing waits for it any more
    }
  }

  #registry(url: string): Promise<Directory> {
    let registry = this.#registries.get(url);
    if (registry === undefined) {
      registry = this.#open(url);
      this.#registries.set(url, registry);
      registry.catch(() => this.#registries.delete(url));
    }
    return registry;
  }

  async #open(url: string): Promise<Directory> {
    const { openRegistry, clock, random } = this.#options;
    if (openRegistry !== undefined) return await openRegistry(url);
    const registries = await import("../registry/mod.ts");
    return registries.openRegistry(url, { clock, random });
  }
}
