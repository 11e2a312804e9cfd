import { type Clock, ClosedError, sleep } from "../core/mod.ts";
import { GATEWAY_RELOAD_MS, GATEWAY_SETTLE_MS } from "../core/limits.ts";
import type { Endpoint, Registry } from "../registry/mod.ts";
import type { Upstream } from "./nginx_configuration.ts";
import { upstreamsOf } from "./upstreams.ts";

/** The servers of each service. */
export type Routes = ReadonlyMap<string, readonly Upstream[]>;

/** What a {@link RoutesKeeper} is made with. */
export interface RoutesKeeperOptions {
  readonly registry: Registry;
  readonly services: readonly string[];
  readonly clock: Clock;
  /** Is told of endpoints that can't be sent to. */
  readonly complain: (text: string) => void;
}

/** Follows services in a registry, and hands over their servers whenever these have changed, one change at a time. */
export class RoutesKeeper {
  readonly #options: RoutesKeeperOptions;
  readonly #lists = new Map<string, readonly Endpoint[]>();
  readonly #complained = new Set<string>();
  #changed: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(options: RoutesKeeperOptions) {
    this.#options = options;
  }

  /** Resolves when every service has been listed once. */
  async start(signal: AbortSignal): Promise<Routes> {
    const { registry, services } = this.#options;
    await Promise.all(services.map((service) => {
      const onChange = (endpoints: readonly Endpoint[]) => {
        this.#lists.set(service, endpoints);
        this.#changed.resolve();
      };
      return registry.watch(service, { signal, onChange });
    }));
    return await this.#routes();
  }

  /** Calls `apply` with every change behind `routes`, until the signal aborts. */
  async follow(
    routes: Routes,
    { signal, apply }: { signal: AbortSignal; apply: (routes: Routes) => Promise<void> },
  ): Promise<never> {
    const { clock } = this.#options;
    for (let before = textOf(routes);;) {
      await this.#change(signal);
      await sleep(clock, GATEWAY_SETTLE_MS, signal);
      this.#changed = Promise.withResolvers();
      const next = await this.#routes();
      if (textOf(next) === before) continue;
      await apply(next);
      before = textOf(next);
      await sleep(clock, GATEWAY_RELOAD_MS, signal);
    }
  }

  async #change(signal: AbortSignal): Promise<void> {
    const abort = () => this.#changed.reject(signal.reason ?? new ClosedError("gateway: closed"));
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    try {
      await this.#changed.promise;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async #routes(): Promise<Routes> {
    const { services } = this.#options;
    return new Map(
      await Promise.all(services.map(async (service) => {
        const { servers, refused } = await upstreamsOf(this.#lists.get(service) ?? []);
        this.#tell(service, refused);
        return [service, servers] as const;
      })),
    );
  }

  /** Each once: a bad endpoint is there at every change. */
  #tell(service: string, refused: readonly string[]): void {
    for (const text of refused.map((problem) => `${service}: ${problem}`)) {
      if (this.#complained.has(text)) continue;
      if (this.#complained.size >= COMPLAINTS) this.#complained.clear();
      this.#complained.add(text);
      this.#options.complain(`shopfloor: gateway: ${text}`);
    }
  }
}

/** Complaints that are remembered. */
const COMPLAINTS = 1_000;

function textOf(routes: Routes): string {
  return JSON.stringify([...routes]);
}
