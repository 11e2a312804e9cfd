import { randomUUID } from "node:crypto";
import { abortable, type Clock, ClosedError, messageOf, RegistryError, sleep } from "../core/mod.ts";
import { REGISTRY_CALL_MS, REGISTRY_PATIENCE_MS, REGISTRY_RETRY_MAX_MS } from "../core/limits.ts";
import type { Backend } from "./backend.ts";
import { Backoff } from "./backoff.ts";
import { checkName, checkTtl } from "./checks.ts";
import { checkEndpoint } from "./endpoint.ts";
import { EndpointList } from "./endpoint_list.ts";
import { HeldLease } from "./held_lease.ts";
import { KeptRegistration } from "./kept_registration.ts";
import type {
  AcquireOptions,
  Endpoint,
  Lease,
  RegisterOptions,
  Registration,
  Registry,
  WatchOptions,
} from "./registry.ts";
import { within } from "./within.ts";

/** Where a {@link ServedRegistry} takes time and chance from. */
export interface ServedRegistryOptions {
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  /** Is told why something has to be tried again. */
  readonly onTrouble: (error: unknown) => void;
}

/** A registry that a server keeps: whatever the server is, what fails is tried again here, and kept up from here. */
export class ServedRegistry implements Registry {
  readonly #backend: Backend;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #onTrouble: (error: unknown) => void;
  readonly #closing = new AbortController();
  /** What has to be closed with the registry. */
  readonly #open = new Set<{ close(): Promise<void> }>();
  /** Watches and waits under way. */
  readonly #running = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(backend: Backend, { clock, random, onTrouble }: ServedRegistryOptions) {
    this.#backend = backend;
    this.#clock = clock;
    this.#random = random;
    this.#onTrouble = onTrouble;
  }

  async register(service: string, endpoint: Endpoint, options: RegisterOptions): Promise<Registration> {
    const { ttlMs } = options;
    checkName("service", service);
    checkTtl(ttlMs);
    const listed = { endpoint: checkEndpoint(endpoint), ttlMs };
    return await this.#run(options.signal, async (signal) => {
      const place = { service, id: randomUUID() };
      const again = (signal: AbortSignal) => this.#backend.enlist(place, listed, signal);
      const call = { ms: REGISTRY_CALL_MS, clock: this.#clock, signal };
      const patience = { signal, patienceMs: REGISTRY_PATIENCE_MS };
      const entry = await this.#persist(patience, () => within(call, again));
      const backoff = new Backoff(this.#random);
      const onClose = () => void this.#open.delete(registration);
      const registration: KeptRegistration = new KeptRegistration(
        { entry, ttlMs, again, clock: this.#clock, backoff, onClose },
      );
      return await this.#hold(registration, signal);
    });
  }

  async watch(service: string, { signal, onChange }: WatchOptions): Promise<void> {
    checkName("service", service);
    const { promise, resolve } = Promise.withResolvers<void>();
    const list = new EndpointList({
      clock: this.#clock,
      onChange: (endpoints) => {
        resolve();
        onChange(endpoints);
      },
    });
    const following = this.#run(signal, (signal) => this.#follow(service, list, signal));
    await Promise.race([promise, following]); // which only ends by being aborted
  }

  async acquire(name: string, { ttlMs, signal }: AcquireOptions): Promise<Lease> {
    checkName("lease", name);
    checkTtl(ttlMs);
    return await this.#run(signal, async (signal) => {
      const owner = randomUUID();
      const claim = await this.#persist(
        { signal },
        () => this.#backend.claim(name, { owner, ttlMs, signal }),
      );
      const backoff = new Backoff(this.#random);
      const onClose = () => void this.#open.delete(lease);
      const lease: HeldLease = new HeldLease({ name, claim, clock: this.#clock, backoff, onClose });
      return await this.#hold(lease, signal);
    });
  }

  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#closing.abort(new ClosedError(`registry ${this.#backend.name}: closed`));
    await Promise.allSettled(this.#running);
    await Promise.all([...this.#open].map((open) => open.close()));
    await this.#backend.close().catch(() => {});
  }

  /** Runs something that ends when the caller's signal aborts, or the registry closes, which waits for it. */
  async #run<Result>(
    given: AbortSignal | undefined,
    task: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const controller = new AbortController();
    const signals = given ? [given, this.#closing.signal] : [this.#closing.signal];
    const abort = () => controller.abort(signals.find(({ aborted }) => aborted)!.reason);
    for (const signal of signals) signal.addEventListener("abort", abort, { once: true });
    if (signals.some(({ aborted }) => aborted)) abort();
    controller.signal.throwIfAborted();
    const running = task(controller.signal);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
      for (const signal of signals) signal.removeEventListener("abort", abort);
    }
  }

  /** What was made is handed over only if it is still wanted. */
  async #hold<Open extends { close(): Promise<void> }>(open: Open, signal: AbortSignal): Promise<Open> {
    this.#open.add(open);
    if (!signal.aborted) return open;
    await open.close();
    throw signal.reason;
  }

  async #follow(service: string, list: EndpointList, signal: AbortSignal): Promise<never> {
    const follower = this.#backend.follower(service);
    const backoff = new Backoff(this.#random);
    try {
      for (;;) {
        const startedAt = this.#clock.monotonic();
        await abortable(follower.session(list, signal), signal).catch((error) => {
          signal.throwIfAborted();
          this.#onTrouble(error);
        });
        if (this.#clock.monotonic() - startedAt > REGISTRY_RETRY_MAX_MS) backoff.reset();
        await sleep(this.#clock, backoff.nextMs(), signal);
      }
    } finally {
      list.close();
    }
  }

  /** Tries until it works, the registry refuses, or patience ends. */
  async #persist<Result>(
    { signal, patienceMs = Infinity }: { signal: AbortSignal; patienceMs?: number },
    attempt: () => Promise<Result>,
  ): Promise<Result> {
    const until = this.#clock.monotonic() + patienceMs;
    const backoff = new Backoff(this.#random);
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        signal.throwIfAborted();
        this.#onTrouble(error);
        if (error instanceof RegistryError && error.code === "REGISTRY_REFUSED") throw error;
        if (this.#clock.monotonic() >= until) throw this.#unreachable(error);
        await sleep(this.#clock, backoff.nextMs(), signal);
      }
    }
  }

  #unreachable(cause: unknown): RegistryError {
    return new RegistryError(`registry ${this.#backend.name}: can't be reached: ${messageOf(cause)}`, {
      cause,
    });
  }
}
