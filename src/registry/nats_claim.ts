import type { KvEntry } from "@nats-io/kv";
import { type Clock, RegistryError, sleep } from "../core/mod.ts";
import { REGISTRY_POLL_MS, REGISTRY_TTL_MAX_MS } from "../core/limits.ts";
import type { Claim, ClaimOptions } from "./backend.ts";
import { isConflict, isThere, type NatsBucket, serverTime } from "./nats_bucket.ts";

/** What claims are made in. */
export interface NatsClaims {
  readonly bucket: NatsBucket;
  readonly clock: Clock;
}

/** What is seen of a key, and from when on nobody holds it. */
interface Sight {
  readonly entry: KvEntry | null;
  /** On the clock's `monotonic`. */
  readonly freeAt: number;
}

/**
 * Takes a key of a bucket by writing to it with the revision expected, which only one of several can. The holder
 * renews it by writing again; who waits looks at it from time to time, and takes it when the server says that the
 * last write is older than the holder's time to live. The token is the revision of the first write.
 */
export async function claimKey(
  key: string,
  { owner, ttlMs, signal, bucket, clock }: ClaimOptions & NatsClaims,
): Promise<Claim> {
  const value = JSON.stringify({ owner, ttlMs });
  let sight: Sight | undefined;
  for (;;) {
    sight = await look(key, { bucket, clock, signal, before: sight });
    const waitMs = sight.freeAt - clock.monotonic();
    if (waitMs > 0) {
      await sleep(clock, Math.min(waitMs, REGISTRY_POLL_MS), signal);
      continue;
    }
    const takenAt = clock.monotonic();
    try {
      const previousSeq = sight.entry?.revision ?? 0;
      const token = await bucket.use(signal, (kv) => kv.put(key, value, { previousSeq }));
      return new NatsClaim(bucket, { key, value, token, ttlMs, takenAt });
    } catch (error) {
      if (!isConflict(error)) throw error; // otherwise somebody was faster
    }
  }
}

async function look(
  key: string,
  { bucket, clock, signal, before }: NatsClaims & { signal: AbortSignal; before: Sight | undefined },
): Promise<Sight> {
  const entry = await bucket.use(signal, (kv) => kv.get(key));
  if (!isThere(entry)) return { entry, freeAt: -Infinity };
  if (entry.revision === before?.entry?.revision) return before;
  const now = await bucket.use(signal, serverTime);
  const ageMs = Math.max(0, now - entry.created.getTime());
  return { entry, freeAt: clock.monotonic() + ttlOf(entry) - ageMs };
}

function ttlOf(entry: KvEntry): number {
  try {
    const ttlMs = Number(entry.json<{ ttlMs: number }>().ttlMs);
    if (ttlMs > 0 && ttlMs <= REGISTRY_TTL_MAX_MS) return ttlMs;
  } catch { /* not written by us */ }
  return REGISTRY_TTL_MAX_MS; // the bucket drops it then
}

class NatsClaim implements Claim {
  readonly token: number;
  readonly ttlMs: number;
  readonly takenAt: number;
  readonly #bucket: NatsBucket;
  readonly #key: string;
  readonly #value: string;
  #revision: number;

  constructor(
    bucket: NatsBucket,
    { key, value, token, ttlMs, takenAt }: Pick<Claim, "token" | "ttlMs" | "takenAt"> & {
      key: string;
      value: string;
    },
  ) {
    this.#bucket = bucket;
    this.#key = key;
    this.#value = value;
    this.token = token;
    this.ttlMs = ttlMs;
    this.takenAt = takenAt;
    this.#revision = token;
  }

  async renew(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#write(signal);
      return true;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    const entry = await this.#bucket.use(signal, (kv) => kv.get(this.#key));
    if (!isThere(entry) || entry.string() !== this.#value) return false;
    this.#revision = entry.revision; // a renewal whose answer was lost
    throw new RegistryError("nats: a renewal was not confirmed");
  }

  async remove(signal: AbortSignal): Promise<void> {
    const previousSeq = this.#revision;
    await this.#bucket.use(signal, (kv) => kv.delete(this.#key, { previousSeq }));
  }

  async #write(signal: AbortSignal): Promise<void> {
    const previousSeq = this.#revision;
    this.#revision = await this.#bucket.use(signal, (kv) => kv.put(this.#key, this.#value, { previousSeq }));
  }
}
