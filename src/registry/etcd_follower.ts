import { type Clock, RegistryError } from "../core/mod.ts";
import { REGISTRY_ENDPOINTS, REGISTRY_STREAM_MS } from "../core/limits.ts";
import type { Follower } from "./backend.ts";
import { decodeEndpoint, type ListedEndpoint } from "./endpoint.ts";
import type { EndpointList } from "./endpoint_list.ts";
import type { Answer, EtcdGateway } from "./etcd_gateway.ts";
import { fromBase64, rangeOf } from "./etcd_keys.ts";

/** What an {@link EtcdFollower} is made with. */
export interface EtcdFollowerOptions {
  readonly gateway: EtcdGateway;
  readonly clock: Clock;
  /** What the keys of the service's endpoints begin with. */
  readonly prefix: string;
}

/**
 * Lists a service once, then watches it. A watch that is cut goes on from the revision it had come to; where that is
 * not possible (etcd has compacted it away, or lost it with its data), the service is listed again. So it is after
 * every whole watch, which heals what nobody thought of.
 */
export class EtcdFollower implements Follower {
  readonly #gateway: EtcdGateway;
  readonly #clock: Clock;
  readonly #prefix: string;
  /** The first revision that the list doesn't have yet; undefined when it has to be fetched as a whole. */
  #next: number | undefined;

  constructor({ gateway, clock, prefix }: EtcdFollowerOptions) {
    this.#gateway = gateway;
    this.#clock = clock;
    this.#prefix = prefix;
  }

  async session(list: EndpointList, signal: AbortSignal): Promise<void> {
    if (this.#next === undefined) await this.#list(list, signal);
    const over = new AbortController();
    const timer = this.#clock.after(REGISTRY_STREAM_MS, () => over.abort());
    try {
      await this.#watch(list, AbortSignal.any([signal, over.signal]));
    } catch (error) {
      if (!over.signal.aborted) throw error;
      this.#next = undefined;
    } finally {
      timer.cancel();
    }
  }

  async #list(list: EndpointList, signal: AbortSignal): Promise<void> {
    const range = { ...rangeOf(this.#prefix), limit: REGISTRY_ENDPOINTS };
    const answer = await this.#gateway.call("kv/range", range, signal);
    const entries = new Map<string, ListedEndpoint>();
    for (const { key, value } of answer.kvs ?? []) {
      const listed = decodeEndpoint(fromBase64(value ?? ""));
      if (listed) entries.set(key, listed);
    }
    list.replace(entries);
    this.#next = revisionOf(answer) + 1;
  }

  async #watch(list: EndpointList, signal: AbortSignal): Promise<void> {
    const body = { create_request: { ...rangeOf(this.#prefix), start_revision: this.#next } };
    for await (const answer of this.#gateway.stream("watch", body, signal)) {
      if (answer.canceled || this.#isBehind(answer)) {
        this.#next = undefined;
        const why = answer.cancel_reason ??
          (answer.compact_revision ? "compacted" : "etcd went back in time");
        throw new RegistryError(`etcd watch: ${why}`);
      }
      for (const event of answer.events ?? []) this.#apply(list, event);
    }
  }

  /** Whether etcd has fewer revisions than it had: somebody has given it other data. */
  #isBehind(answer: Answer): boolean {
    return answer.created === true && revisionOf(answer) < this.#next! - 1;
  }

  #apply(list: EndpointList, { type, kv }: Answer): void {
    const listed = type === "DELETE" ? undefined : decodeEndpoint(fromBase64(kv.value ?? ""));
    if (listed) list.put(kv.key, listed);
    else list.remove(kv.key);
    this.#next = Number(kv.mod_revision) + 1;
  }
}

function revisionOf(answer: Answer): number {
  const revision = Number(answer.header?.revision);
  if (Number.isSafeInteger(revision)) return revision;
  throw new RegistryError("etcd: an answer has no revision: is this etcd's v3 gateway?");
}
