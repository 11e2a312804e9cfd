import { type Clock, sleep } from "../core/mod.ts";
import { REGISTRY_CALL_MS } from "../core/limits.ts";
import type { Backoff } from "./backoff.ts";
import type { Entry } from "./backend.ts";
import type { Registration } from "./registry.ts";
import { within } from "./within.ts";

/** What a {@link KeptRegistration} is made with. */
export interface KeptRegistrationOptions {
  readonly entry: Entry;
  readonly ttlMs: number;
  /** Registers again, in the same place. */
  readonly again: (signal: AbortSignal) => Promise<Entry>;
  readonly clock: Clock;
  readonly backoff: Backoff;
  /** Called once, when it is closed. */
  readonly onClose: () => void;
}

/** A registration that is renewed three times in its time to live, and made again when the registry has lost it. */
export class KeptRegistration implements Registration {
  readonly #options: KeptRegistrationOptions;
  readonly #closing = new AbortController();
  readonly #kept: Promise<void>;
  #entry: Entry;
  #closed: Promise<void> | undefined;

  constructor(options: KeptRegistrationOptions) {
    this.#options = options;
    this.#entry = options.entry;
    this.#kept = this.#keep().catch(() => {}); // only ever ends by being closed
  }

  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #keep(): Promise<void> {
    const { clock, ttlMs, backoff } = this.#options;
    const { signal } = this.#closing;
    for (let waitMs = ttlMs / 3;;) {
      await sleep(clock, waitMs, signal);
      try {
        await this.#renew(signal);
        backoff.reset();
        waitMs = ttlMs / 3;
      } catch {
        waitMs = Math.min(backoff.nextMs(), ttlMs / 3);
      }
    }
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const { clock, again } = this.#options;
    const call = { ms: REGISTRY_CALL_MS, clock, signal };
    if (await within(call, (signal) => this.#entry.renew(signal))) return;
    this.#entry = await within(call, again);
  }

  async #close(): Promise<void> {
    const { clock, onClose } = this.#options;
    this.#closing.abort();
    await this.#kept;
    onClose();
    const call = { ms: REGISTRY_CALL_MS, clock, signal: new AbortController().signal };
    // A registry that can't be told finds out by itself: nobody renews it any more.
    await within(call, (signal) => this.#entry.remove(signal)).catch(() => {});
  }
}
