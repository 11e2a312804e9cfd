import type { KV, KvEntry } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import { abortable, type Clock, messageOf, RegistryError } from "../core/mod.ts";
import { REGISTRY_CALL_MS, REGISTRY_TTL_MAX_MS } from "../core/limits.ts";
import { within } from "./within.ts";

/** Where a {@link NatsBucket} is. */
export interface NatsBucketOptions {
  readonly hosts: readonly string[];
  readonly bucket: string;
  readonly clock: Clock;
}

/** A connection, and what ends with it. */
interface Link {
  readonly connection: NatsConnection;
  /** Aborts when the connection ends. */
  readonly cut: AbortSignal;
  /** The bucket, once it has been seen to be there. */
  bucket: Promise<KV> | undefined;
}

/** Two of these without an answer end a connection that died without a word. */
const PING_MS = 5_000;

/** JetStream's codes for a write that expected another revision than there is. */
const WRONG_REVISION: ReadonlySet<unknown> = new Set([10_071, 10_164]);

/**
 * A key-value bucket of NATS JetStream. Connects when it is used. The client's own reconnecting is off: whoever uses
 * the bucket tries again anyway, and has to know that the connection was another one.
 */
export class NatsBucket {
  readonly #options: NatsBucketOptions;
  #link: Promise<Link> | undefined;
  #closed = false;

  constructor(options: NatsBucketOptions) {
    this.#options = options;
  }

  /** Calls once. @throws {RegistryError} when it fails for any reason but {@link isConflict} */
  async use<Result>(signal: AbortSignal, task: (kv: KV) => Promise<Result>): Promise<Result> {
    return await this.#attempt(signal, async () => {
      const call = { ms: REGISTRY_CALL_MS, clock: this.#options.clock, signal };
      return await within(call, async (signal) => await task((await this.#bucket(signal)).kv));
    });
  }

  /** Does something that takes as long as the connection: `cut` aborts with it, and with `signal`. */
  async stay(signal: AbortSignal, task: (kv: KV, cut: AbortSignal) => Promise<void>): Promise<void> {
    await this.#attempt(signal, async () => {
      const call = { ms: REGISTRY_CALL_MS, clock: this.#options.clock, signal };
      const { kv, cut } = await within(call, (signal) => this.#bucket(signal));
      await task(kv, AbortSignal.any([signal, cut]));
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const link = await this.#link?.catch(() => undefined);
    await link?.connection.close();
  }

  async #attempt<Result>(signal: AbortSignal, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (cause) {
      signal.throwIfAborted();
      if (isConflict(cause)) throw cause;
      // The bucket may be gone though the connection isn't: it is made again by whoever comes next.
      const link = await this.#link?.catch(() => undefined);
      if (link) link.bucket = undefined;
      const { hosts } = this.#options;
      throw new RegistryError(`nats ${hosts.join(",")}: ${messageOf(cause)}`, { fields: { hosts }, cause });
    }
  }

  async #bucket(signal: AbortSignal): Promise<{ kv: KV; cut: AbortSignal }> {
    const link = await abortable(this.#link ??= this.#connect(), signal);
    const kv = await abortable(link.bucket ??= this.#create(link.connection), signal);
    return { kv, cut: link.cut };
  }

  async #connect(): Promise<Link> {
    try {
      // Loaded here, since most factories have no use for it, and every Web Worker would pay.
      const { connect } = await import("@nats-io/transport-node");
      const connection = await connect({
        servers: [...this.#options.hosts],
        name: "shopfloor registry",
        reconnect: false,
        timeout: REGISTRY_CALL_MS,
        pingInterval: PING_MS,
      });
      const cut = new AbortController();
      connection.closed().then((error) => {
        this.#link = undefined;
        cut.abort(error ?? new RegistryError("nats: the connection has ended"));
      });
      if (this.#closed) await connection.close();
      return { connection, cut: cut.signal, bucket: undefined };
    } catch (error) {
      this.#link = undefined;
      throw error;
    }
  }

  /** What nobody removed and nobody renews goes by itself, at last. */
  async #create(connection: NatsConnection): Promise<KV> {
    const { Kvm } = await import("@nats-io/kv");
    return await new Kvm(connection).create(this.#options.bucket, { history: 1, ttl: REGISTRY_TTL_MAX_MS });
  }
}

/** Whether a write failed because somebody else had written before. */
export function isConflict(error: unknown): boolean {
  return error instanceof Error && WRONG_REVISION.has((error as { code?: unknown }).code);
}

/** The server's time now, in ms since 1970: it writes it beside every entry, this one among them. */
export async function serverTime(kv: KV): Promise<number> {
  await kv.put("clock", "");
  const entry = await kv.get("clock");
  return entry?.created.getTime() ?? 0;
}

/** Whether there is something under the key, rather than the mark of a deletion. */
export function isThere(entry: KvEntry | null): entry is KvEntry {
  return entry?.operation === "PUT";
}
