import type { Entry } from "./backend.ts";
import type { EtcdGateway } from "./etcd_gateway.ts";

/** etcd counts in seconds. It also has a shortest time of its own, usually two of them. */
const SECOND_MS = 1_000;

/** A lease of etcd's: what is put with it goes when it isn't renewed. */
export class EtcdLease implements Entry {
  readonly #gateway: EtcdGateway;
  readonly id: string;
  /** As granted, which may be more than was asked for. */
  readonly ttlMs: number;

  static async grant(
    gateway: EtcdGateway,
    { ttlMs, signal }: { ttlMs: number; signal: AbortSignal },
  ): Promise<EtcdLease> {
    const answer = await gateway.call("lease/grant", { TTL: Math.ceil(ttlMs / SECOND_MS) }, signal);
    return new EtcdLease(gateway, { id: String(answer.ID), ttlMs: Number(answer.TTL) * SECOND_MS });
  }

  private constructor(gateway: EtcdGateway, { id, ttlMs }: { id: string; ttlMs: number }) {
    this.#gateway = gateway;
    this.id = id;
    this.ttlMs = ttlMs;
  }

  async renew(signal: AbortSignal): Promise<boolean> {
    const answer = await this.#gateway.call("lease/keepalive", { ID: this.id }, signal);
    return Number(answer.TTL ?? 0) > 0;
  }

  async remove(signal: AbortSignal): Promise<void> {
    await this.#gateway.call("lease/revoke", { ID: this.id }, signal);
  }
}
