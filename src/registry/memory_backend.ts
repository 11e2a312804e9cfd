import { abortable, type Clock, type Timer } from "../core/mod.ts";
import type { Backend, Claim, ClaimOptions, Entry, Follower, Place } from "./backend.ts";
import type { ListedEndpoint } from "./endpoint.ts";
import type { EndpointList } from "./endpoint_list.ts";

interface Kept<Value> {
  readonly value: Value;
  timer: Timer;
}

/** What is kept under one name: entries that go when they aren't renewed. */
class Board {
  readonly endpoints = new Map<string, Map<string, Kept<ListedEndpoint>>>();
  readonly leases = new Map<string, Kept<string>>();
  readonly #waiting = new Set<() => void>();
  tokens = 0;

  /** Puts an entry down; how long it stays, `ttlMs` says. */
  keep<Value>(entries: Map<string, Kept<Value>>, key: string, kept: Omit<KeepOptions<Value>, "key">): Entry {
    const { value, ttlMs, clock } = kept;
    const drop = () => {
      if (entries.get(key) === own) entries.delete(key);
      this.#changed();
    };
    entries.get(key)?.timer.cancel();
    const own: Kept<Value> = { value, timer: clock.after(ttlMs, drop) };
    entries.set(key, own);
    this.#changed();
    return {
      renew: () => {
        const there = entries.get(key) === own;
        own.timer.cancel();
        if (there) own.timer = clock.after(ttlMs, drop);
        return Promise.resolve(there);
      },
      remove: () => {
        own.timer.cancel();
        drop();
        return Promise.resolve();
      },
    };
  }

  /** Resolves when anything changes. */
  change(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    return abortable(promise, signal).finally(() => this.#waiting.delete(resolve));
  }

  #changed(): void {
    for (const wake of this.#waiting) wake();
  }
}

interface KeepOptions<Value> {
  readonly key: string;
  readonly value: Value;
  readonly ttlMs: number;
  readonly clock: Clock;
}

/** Boards by name, for as long as the process lives. */
const BOARDS = new Map<string, Board>();

/**
 * A registry inside of this process, for tests and for factories of one process. Only what runs in the same thread
 * sees it.
 */
export class MemoryBackend implements Backend {
  readonly name: string;
  readonly #board: Board;
  readonly #clock: Clock;

  constructor(name: string, clock: Clock) {
    this.name = `memory:${name}`;
    this.#board = BOARDS.get(name) ?? new Board();
    BOARDS.set(name, this.#board);
    this.#clock = clock;
  }

  enlist({ service, id }: Place, listed: ListedEndpoint): Promise<Entry> {
    const { endpoints } = this.#board;
    const own = endpoints.get(service) ?? new Map<string, Kept<ListedEndpoint>>();
    endpoints.set(service, own);
    return Promise.resolve(
      this.#board.keep(own, id, { value: listed, ttlMs: listed.ttlMs, clock: this.#clock }),
    );
  }

  follower(service: string): Follower {
    return { session: (list, signal) => this.#follow(service, list, signal) };
  }

  async claim(name: string, { owner, ttlMs, signal }: ClaimOptions): Promise<Claim> {
    while (this.#board.leases.has(name)) await this.#board.change(signal);
    signal.throwIfAborted();
    const takenAt = this.#clock.monotonic();
    const entry = this.#board.keep(this.#board.leases, name, { value: owner, ttlMs, clock: this.#clock });
    return { ...entry, token: ++this.#board.tokens, ttlMs, takenAt };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #follow(service: string, list: EndpointList, signal: AbortSignal): Promise<void> {
    const known = new Set<string>();
    for (let first = true;; first = false) {
      const there = new Map(
        [...this.#board.endpoints.get(service) ?? []].map(([id, { value }]) => [id, value]),
      );
      if (first) list.replace(there);
      for (const [id, listed] of there) list.put(id, listed);
      for (const id of known) if (!there.has(id)) list.remove(id);
      known.clear();
      for (const id of there.keys()) known.add(id);
      await this.#board.change(signal);
    }
  }
}
