import { type Clock, RegistryError } from "../core/mod.ts";
import { REGISTRY_CALL_MS, REGISTRY_STREAM_MS } from "../core/limits.ts";
import type { Address } from "./address.ts";
import type { Backend, Claim, ClaimOptions, Entry, Follower, Place } from "./backend.ts";
import { encodeEndpoint, type ListedEndpoint } from "./endpoint.ts";
import { EtcdFollower } from "./etcd_follower.ts";
import { EtcdGateway } from "./etcd_gateway.ts";
import { toBase64 } from "./etcd_keys.ts";
import { EtcdLease } from "./etcd_lease.ts";
import { within } from "./within.ts";

/** What keys begin with unless the URL says otherwise. */
const PREFIX = "shopfloor";

/** etcd, by its v3 JSON gateway: `PREFIX/services/SERVICE/ID` for endpoints, `PREFIX/leases/NAME` for leases. */
export class EtcdBackend implements Backend {
  readonly name: string;
  readonly #gateway: EtcdGateway;
  readonly #clock: Clock;
  readonly #prefix: string;

  constructor({ hosts, path }: Address, clock: Clock) {
    this.#prefix = path || PREFIX;
    this.name = `etcd://${hosts.join(",")}/${this.#prefix}`;
    this.#gateway = new EtcdGateway(hosts, clock);
    this.#clock = clock;
  }

  async enlist({ service, id }: Place, listed: ListedEndpoint, signal: AbortSignal): Promise<Entry> {
    const lease = await EtcdLease.grant(this.#gateway, { ttlMs: listed.ttlMs, signal });
    const key = toBase64(`${this.#prefix}/services/${service}/${id}`);
    const value = toBase64(encodeEndpoint(listed));
    await this.#gateway.call("kv/put", { key, value, lease: lease.id }, signal);
    return lease;
  }

  follower(service: string): Follower {
    const prefix = `${this.#prefix}/services/${service}/`;
    return new EtcdFollower({ gateway: this.#gateway, clock: this.#clock, prefix });
  }

  async claim(name: string, { owner, ttlMs, signal }: ClaimOptions): Promise<Claim> {
    const key = toBase64(`${this.#prefix}/leases/${name}`);
    for (;;) {
      const { kvs, header } = await this.#gateway.call("kv/range", { key }, signal);
      if (kvs?.length > 0) {
        await this.#change(key, { from: Number(header.revision) + 1, signal });
        continue;
      }
      const claim = await this.#create(key, { owner, ttlMs, signal });
      if (claim) return claim;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Creates the key unless somebody else was faster. */
  async #create(key: string, { owner, ttlMs, signal }: ClaimOptions): Promise<Claim | undefined> {
    const takenAt = this.#clock.monotonic();
    const lease = await EtcdLease.grant(this.#gateway, { ttlMs, signal });
    try {
      const { succeeded, header } = await this.#gateway.call("kv/txn", {
        compare: [{ target: "CREATE", key, create_revision: 0, result: "EQUAL" }],
        success: [{ request_put: { key, value: toBase64(owner), lease: lease.id } }],
      }, signal);
      if (succeeded) {
        const token = Number(header.revision);
        return {
          token,
          ttlMs: lease.ttlMs,
          takenAt,
          renew: (signal) => lease.renew(signal),
          remove: (signal) => lease.remove(signal),
        };
      }
    } catch (error) {
      await this.#giveBack(lease); // it may have succeeded all the same
      throw error;
    }
    await this.#giveBack(lease);
    return undefined;
  }

  /** Not being told, etcd finds out when the lease isn't renewed. */
  async #giveBack(lease: EtcdLease): Promise<void> {
    const call = { ms: REGISTRY_CALL_MS, clock: this.#clock, signal: new AbortController().signal };
    await within(call, (signal) => lease.remove(signal)).catch(() => {});
  }

  /** Waits until the key changes after a revision, or long enough to have a look again. */
  async #change(key: string, { from, signal }: { from: number; signal: AbortSignal }): Promise<void> {
    const over = new AbortController();
    const timer = this.#clock.after(REGISTRY_STREAM_MS, () => over.abort());
    try {
      const body = { create_request: { key, start_revision: from } };
      const watching = AbortSignal.any([signal, over.signal]);
      for await (const answer of this.#gateway.stream("watch", body, watching)) {
        if (answer.canceled || answer.events?.length > 0) return;
      }
      throw new RegistryError("etcd watch: was ended by etcd");
    } catch (error) {
      if (!over.signal.aborted) throw error;
    } finally {
      timer.cancel();
    }
  }
}
