import { type Clock, RegistryError, sleep, type Timer } from "../core/mod.ts";
import { REGISTRY_CALL_MS } from "../core/limits.ts";
import type { Backoff } from "./backoff.ts";
import type { Claim } from "./backend.ts";
import type { Lease } from "./registry.ts";
import { within } from "./within.ts";

/** What a {@link HeldLease} is made with. */
export interface HeldLeaseOptions {
  readonly name: string;
  readonly claim: Claim;
  readonly clock: Clock;
  readonly backoff: Backoff;
  /** Called once, when it is closed or lost. */
  readonly onClose: () => void;
}

/** The part of its time that a lease is trusted for: the rest is for clocks that run at different speeds. */
const TRUSTED = 0.9;

/** A claim that is renewed three times in its time to live, and given up before anybody else can have it. */
export class HeldLease implements Lease {
  readonly token: number;
  readonly #options: HeldLeaseOptions;
  readonly #lost = new AbortController();
  readonly #kept: Promise<void>;
  #end: Timer;
  #closed: Promise<void> | undefined;

  constructor(options: HeldLeaseOptions) {
    this.#options = options;
    this.token = options.claim.token;
    this.#end = this.#endAfter(options.claim.takenAt);
    this.#kept = this.#keep().catch(() => {}); // only ever ends by being lost or closed
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #keep(): Promise<void> {
    const { clock, claim, backoff } = this.#options;
    const { signal } = this.#lost;
    for (let waitMs = claim.ttlMs / 3;;) {
      await sleep(clock, waitMs, signal);
      try {
        await this.#renew(signal);
        backoff.reset();
        waitMs = claim.ttlMs / 3;
      } catch {
        waitMs = backoff.nextMs();
      }
    }
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const { clock, claim } = this.#options;
    const askedAt = clock.monotonic();
    const ms = Math.min(REGISTRY_CALL_MS, claim.ttlMs / 3);
    if (!await within({ ms, clock, signal }, (signal) => claim.renew(signal))) {
      return this.#lose("was taken away");
    }
    if (signal.aborted) return;
    this.#end.cancel();
    this.#end = this.#endAfter(askedAt);
  }

  /** The time counts from when the renewal was asked for: the server can only have counted from later on. */
  #endAfter(askedAt: number): Timer {
    const { clock, claim } = this.#options;
    const ms = askedAt + claim.ttlMs * TRUSTED - clock.monotonic();
    return clock.after(Math.max(0, ms), () => this.#lose("could not be renewed in time"));
  }

  #lose(how: string): void {
    if (this.#lost.signal.aborted) return;
    this.#end.cancel();
    const { name, onClose } = this.#options;
    onClose();
    this.#lost.abort(
      new RegistryError(`registry: the lease ${name} ${how}`, {
        code: "LEASE_LOST",
        fields: { lease: name },
      }),
    );
  }

  async #close(): Promise<void> {
    this.#lose("was closed");
    await this.#kept;
    const { clock, claim } = this.#options;
    const call = { ms: REGISTRY_CALL_MS, clock, signal: new AbortController().signal };
    // A registry that can't be told finds out by itself: nobody renews it any more.
    await within(call, (signal) => claim.remove(signal)).catch(() => {});
  }
}
