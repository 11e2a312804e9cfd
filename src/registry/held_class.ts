import { abortable, type Clock, ClosedError, DeadlineError, sleep } from "../core/mod.ts";
import { REGISTRY_RETRY_MAX_MS, SHARE_HANDOVER_MS } from "../core/limits.ts";
import type { Lease, Registry } from "./registry.ts";
import { within } from "./within.ts";

/** A class that is held. */
export interface Holding {
  /** Higher than that of every holder before: write it beside every result, and refuse lower ones. */
  readonly token: number;
  /** Aborts when the class is lost, or is to be handed over: end the work on it. */
  readonly signal: AbortSignal;
}

/** What a {@link HeldClass} is made with. */
export interface HeldClassOptions {
  readonly name: string;
  /** Name of the class's lease. */
  readonly lease: string;
  readonly ttlMs: number;
  readonly registry: Registry;
  /** Works on the class until the signal aborts. */
  readonly hold: (name: string, holding: Holding) => Promise<void>;
  readonly onTrouble: (error: unknown) => void;
  readonly clock: Clock;
}

/** A class that was dealt to this member: it waits for its lease, works, and does so again when the lease was lost. */
export class HeldClass {
  readonly #options: HeldClassOptions;
  readonly #closing = new AbortController();
  readonly #serving: Promise<void>;
  #lease: Lease | undefined;

  constructor(options: HeldClassOptions) {
    this.#options = options;
    this.#serving = this.#serve();
  }

  /** Undefined while somebody else holds the class. */
  get token(): number | undefined {
    return this.#lease?.lost.aborted ? undefined : this.#lease?.token;
  }

  /** Ends the work and gives the class up. Never rejects. */
  async close(): Promise<void> {
    this.#closing.abort(new ClosedError(`share: the class ${this.#options.name} is handed over`));
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const { registry, lease, ttlMs, clock, onTrouble } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        this.#lease = await registry.acquire(lease, { ttlMs, signal });
        await this.#work(this.#lease);
      } catch (error) {
        if (signal.aborted || error instanceof ClosedError) return; // the latter: with the registry
        onTrouble(error);
      } finally {
        await this.#lease?.close();
        this.#lease = undefined;
      }
      await sleep(clock, REGISTRY_RETRY_MAX_MS, signal).catch(() => {});
    }
  }

  /** Settles when the work has, or has been told to end and doesn't. */
  async #work({ token, lost }: Lease): Promise<void> {
    const { name, hold, clock, onTrouble } = this.#options;
    const over = AbortSignal.any([this.#closing.signal, lost]);
    const working = hold(name, { token, signal: over });
    try {
      await abortable(working, over);
    } catch (error) {
      if (!over.aborted) throw error;
      const patience = { ms: SHARE_HANDOVER_MS, clock, signal: new AbortController().signal };
      await within(patience, () => working).catch((error) => {
        if (error instanceof DeadlineError) onTrouble(error);
      });
    }
  }
}
