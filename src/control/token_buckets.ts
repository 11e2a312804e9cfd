import type { Clock } from "../core/mod.ts";

/** How {@link TokenBuckets} fill. */
export interface TokenBucketsOptions {
  readonly clock: Clock;
  /** Tokens that come into a bucket. */
  readonly perSecond: number;
  /** Most tokens in a bucket; what a new one holds. */
  readonly capacity: number;
  /** Most buckets. Beyond, the one that was used longest ago is forgotten: nothing is fuller. */
  readonly clients: number;
}

/** A token bucket for each client, of a bounded number of clients. */
export class TokenBuckets {
  readonly #options: TokenBucketsOptions;
  /** In the order of their last use. */
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(options: TokenBucketsOptions) {
    this.#options = options;
  }

  /** How many clients are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes `cost` tokens, and returns 0; or takes none, and returns in how many milliseconds they are there. */
  take(client: string, cost: number): number {
    const { clock, perSecond, capacity, clients } = this.#options;
    const now = clock.monotonic();
    const { tokens, at } = this.#buckets.get(client) ?? { tokens: capacity, at: now };
    const filled = Math.min(capacity, tokens + (now - at) / 1_000 * perSecond);
    const left = filled >= cost ? filled - cost : filled;
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: left, at: now });
    if (this.#buckets.size > clients) this.#buckets.delete(this.#buckets.keys().next().value!);
    return filled >= cost ? 0 : (cost - filled) / perSecond * 1_000;
  }
}
