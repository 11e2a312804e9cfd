import type { Clock, Timer } from "../core/mod.ts";
import { REGISTRY_ENDPOINTS } from "../core/limits.ts";
import type { ListedEndpoint } from "./endpoint.ts";
import type { Endpoint } from "./registry.ts";

/** What an {@link EndpointList} is made with. */
export interface EndpointListOptions {
  readonly clock: Clock;
  readonly onChange: (endpoints: readonly Endpoint[]) => void;
}

/**
 * What is known of a service's endpoints, by the registry's id of each. Tells only what differs from what it told
 * last, with each URL once.
 */
export class EndpointList {
  readonly #clock: Clock;
  readonly #onChange: (endpoints: readonly Endpoint[]) => void;
  readonly #listed = new Map<string, ListedEndpoint>();
  /** Those that a later list lacked, each with the end of its time to come back. */
  readonly #missing = new Map<string, Timer>();
  #told: string | undefined;

  constructor({ clock, onChange }: EndpointListOptions) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /**
   * Takes over a whole list. What was known before and is not in it gets its own time to live to come back: a
   * registry that was away may have lost what its services are about to tell it again.
   */
  replace(entries: ReadonlyMap<string, ListedEndpoint>): void {
    for (const [id, { ttlMs }] of this.#listed) {
      if (entries.has(id) || this.#missing.has(id)) continue;
      this.#missing.set(id, this.#clock.after(ttlMs, () => this.remove(id)));
    }
    for (const [id, entry] of entries) this.#set(id, entry);
    this.#tell();
  }

  /** Adds an endpoint, or renews what is known of it. */
  put(id: string, entry: ListedEndpoint): void {
    this.#set(id, entry);
    this.#tell();
  }

  /** It is gone, by word of the registry. */
  remove(id: string): void {
    this.#missing.get(id)?.cancel();
    this.#missing.delete(id);
    if (this.#listed.delete(id)) this.#tell();
  }

  /** Tells nothing from now on. */
  close(): void {
    for (const timer of this.#missing.values()) timer.cancel();
    this.#missing.clear();
    this.#listed.clear();
  }

  #set(id: string, entry: ListedEndpoint): void {
    this.#missing.get(id)?.cancel();
    this.#missing.delete(id);
    if (this.#listed.has(id) || this.#listed.size < REGISTRY_ENDPOINTS) this.#listed.set(id, entry);
  }

  #tell(): void {
    const byUrl = new Map<string, Endpoint>();
    for (const { endpoint } of this.#listed.values()) {
      const other = byUrl.get(endpoint.url);
      if (!other || (endpoint.weight ?? 1) > (other.weight ?? 1)) byUrl.set(endpoint.url, endpoint);
    }
    const endpoints = [...byUrl.values()].sort((a, b) => a.url < b.url ? -1 : 1);
    const text = JSON.stringify(endpoints);
    if (text === this.#told) return;
    this.#told = text;
    this.#onChange(endpoints);
  }
}
