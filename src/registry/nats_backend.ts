import type { Clock } from "../core/mod.ts";
import type { Address } from "./address.ts";
import type { Backend, Claim, ClaimOptions, Entry, Follower, Place } from "./backend.ts";
import { encodeEndpoint, type ListedEndpoint } from "./endpoint.ts";
import { NatsBucket } from "./nats_bucket.ts";
import { claimKey } from "./nats_claim.ts";
import { NatsFollower } from "./nats_follower.ts";

/** The bucket unless the URL says otherwise. */
const BUCKET = "shopfloor";

/** A bucket of NATS JetStream: `services.SERVICE.ID` for endpoints, `leases.NAME` for leases. */
export class NatsBackend implements Backend {
  readonly name: string;
  readonly #bucket: NatsBucket;
  readonly #clock: Clock;

  constructor({ hosts, path }: Address, clock: Clock) {
    const bucket = path.replaceAll("/", "_") || BUCKET;
    this.name = `nats://${hosts.join(",")}/${bucket}`;
    this.#bucket = new NatsBucket({ hosts, bucket, clock });
    this.#clock = clock;
  }

  async enlist({ service, id }: Place, listed: ListedEndpoint, signal: AbortSignal): Promise<Entry> {
    const key = `services.${service}.${id}`;
    const put = (signal: AbortSignal) =>
      this.#bucket.use(signal, async (kv) => {
        await kv.put(key, encodeEndpoint(listed));
        return true;
      });
    await put(signal);
    return { renew: put, remove: (signal) => this.#bucket.use(signal, (kv) => kv.delete(key)) };
  }

  follower(service: string): Follower {
    return new NatsFollower({
      bucket: this.#bucket,
      clock: this.#clock,
      filter: `services.${service}.*`,
    });
  }

  claim(name: string, options: ClaimOptions): Promise<Claim> {
    return claimKey(`leases.${name}`, { ...options, bucket: this.#bucket, clock: this.#clock });
  }

  close(): Promise<void> {
    return this.#bucket.close();
  }
}
