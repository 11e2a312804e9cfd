/**
 * The queue in front of a service.
 *
 * @module
 */

import { RpcError } from "../core/mod.ts";
import type { Ending } from "./scope.ts";

/** What a gate is made with. */
export interface GateOptions<T> {
  /** Longest queue; beyond, whoever comes is refused. */
  readonly most: number;
  /** How many may be inside now. It may change at any time. */
  readonly limit: () => number;
  /** What the next one gets, or undefined if there is nothing at the moment: it then waits for {@link Gate.wake}. */
  readonly take: () => T | undefined;
}

interface Waiter<T> {
  readonly admit: (taken: T) => void;
}

/**
 * Lets in only as many as the limit says, in the order in which they came.
 *
 * Invariant: nobody waits while there is room and something to take.
 */
export class Gate<T> {
  readonly #options: GateOptions<T>;
  /** In order of arrival; a set, so that leaving from the middle costs nothing. */
  readonly #waiters = new Set<Waiter<T>>();
  #inside = 0;

  constructor(options: GateOptions<T>) {
    this.#options = options;
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /**
   * Waits for room. Whoever is let in has to {@link leave}.
   *
   * @throws {RpcError} `resource_exhausted` when too many are waiting; what it ended with if that comes first
   */
  enter(ending: Ending): T | Promise<T> {
    ending.throwIfEnded();
    if (this.#waiters.size === 0) {
      const taken = this.#admit();
      if (taken !== undefined) return taken;
    }
    const { most } = this.#options;
    if (this.#waiters.size >= most) {
      throw new RpcError(`${most} calls are waiting already`, { code: "resource_exhausted" });
    }
    return this.#queue(ending);
  }

  /** One goes: perhaps others may come in. */
  leave(): void {
    this.#inside--;
    this.wake();
  }

  /** There may be room, or something to take, that wasn't before. */
  wake(): void {
    for (const waiter of this.#waiters) {
      const taken = this.#admit();
      if (taken === undefined) return;
      this.#waiters.delete(waiter);
      waiter.admit(taken);
    }
  }

  #admit(): T | undefined {
    if (this.#inside >= this.#options.limit()) return undefined;
    const taken = this.#options.take();
    if (taken !== undefined) this.#inside++;
    return taken;
  }

  #queue(ending: Ending): Promise<T> {
    return new Promise((resolve, reject) => {
      const forget = ending.onEnd((reason) => {
        this.#waiters.delete(waiter);
        reject(reason);
      });
      const waiter: Waiter<T> = {
        admit(taken) {
          forget();
          resolve(taken);
        },
      };
      this.#waiters.add(waiter);
    });
  }
}
