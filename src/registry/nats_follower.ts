import type { KV, KvEntry } from "@nats-io/kv";
import { abortable, type Clock, type Timer } from "../core/mod.ts";
import { REGISTRY_CALL_MS, REGISTRY_STREAM_MS } from "../core/limits.ts";
import type { Follower } from "./backend.ts";
import { decodeEndpoint, type ListedEndpoint } from "./endpoint.ts";
import type { EndpointList } from "./endpoint_list.ts";
import { isThere, type NatsBucket, serverTime } from "./nats_bucket.ts";
import { within } from "./within.ts";

/** What a {@link NatsFollower} is made with. */
export interface NatsFollowerOptions {
  readonly bucket: NatsBucket;
  readonly clock: Clock;
  /** The keys of the service's endpoints: `services.scales.*`. */
  readonly filter: string;
}

/**
 * Watches the keys of a service. The server doesn't say when a key hasn't been renewed in its time: that is found
 * out here, from the server's own times, so that the clocks of machines needn't agree.
 */
export class NatsFollower implements Follower {
  readonly #bucket: NatsBucket;
  readonly #clock: Clock;
  readonly #filter: string;

  constructor({ bucket, clock, filter }: NatsFollowerOptions) {
    this.#bucket = bucket;
    this.#clock = clock;
    this.#filter = filter;
  }

  async session(list: EndpointList, signal: AbortSignal): Promise<void> {
    const renewals = new Renewals(list, this.#clock);
    try {
      await this.#bucket.stay(signal, (kv, cut) => this.#watch(kv, { list, renewals, signal: cut }));
    } finally {
      renewals.close(); // nobody can be heard: that says nothing about who is there
    }
  }

  /** Begins to watch, lists, and takes what was heard in between; ends after a while, to list again. */
  async #watch(
    kv: KV,
    { list, renewals, signal }: { list: EndpointList; renewals: Renewals; signal: AbortSignal },
  ): Promise<void> {
    const call = { ms: REGISTRY_CALL_MS, clock: this.#clock, signal };
    const updates = await within(call, () => kv.watch({ key: this.#filter, include: "updates" }));
    const timer = this.#clock.after(REGISTRY_STREAM_MS, () => updates.stop());
    try {
      const { entries, now } = await within(call, () => this.#list(kv));
      const fresh = new Map<string, ListedEndpoint>();
      for (const [key, entry] of entries) {
        const listed = isThere(entry) ? decodeEndpoint(entry.string()) : undefined;
        const restMs = listed ? listed.ttlMs - Math.max(0, now - entry.created.getTime()) : 0;
        if (!listed || restMs <= 0) continue;
        fresh.set(key, listed);
        renewals.heard(key, restMs);
      }
      list.replace(fresh);
      const follow = async () => {
        for await (const entry of updates) {
          if (entry.revision <= (entries.get(entry.key)?.revision ?? 0)) continue;
          this.#apply(entry, { list, renewals });
        }
      };
      await abortable(follow(), signal);
    } finally {
      timer.cancel();
      updates.stop();
    }
  }

  async #list(kv: KV): Promise<{ entries: Map<string, KvEntry>; now: number }> {
    const entries = new Map<string, KvEntry>();
    for await (const entry of await kv.history({ key: this.#filter })) entries.set(entry.key, entry);
    return { entries, now: await serverTime(kv) };
  }

  #apply(entry: KvEntry, { list, renewals }: { list: EndpointList; renewals: Renewals }): void {
    const listed = isThere(entry) ? decodeEndpoint(entry.string()) : undefined;
    if (listed) {
      list.put(entry.key, listed);
      renewals.heard(entry.key, listed.ttlMs);
    } else {
      renewals.forget(entry.key);
      list.remove(entry.key);
    }
  }
}

/** Takes from a list what isn't heard of in time. */
class Renewals {
  readonly #list: EndpointList;
  readonly #clock: Clock;
  readonly #timers = new Map<string, Timer>();

  constructor(list: EndpointList, clock: Clock) {
    this.#list = list;
    this.#clock = clock;
  }

  heard(key: string, restMs: number): void {
    this.forget(key);
    this.#timers.set(key, this.#clock.after(restMs, () => this.#list.remove(key)));
  }

  forget(key: string): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}
