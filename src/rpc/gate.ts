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
  readonly hasTime: () => boolean;
  readonly admit: (taken: T) => void;
}

/**
 * Lets in only as many as the limit says, in the order in which they came, but for those that have too little time left
 * for it to be of use: where all wait for long, the oldest are the ones whose time is nearly over, and if these went
 * first nobody would get an answer.
 *
 * Invariant: nobody who has time waits while there is room and something to take.
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
   * @param hasTime asked when it is somebody's turn. Default: always
   * @throws {RpcError} `resource_exhausted` when too many are waiting; what it ended with if that comes first
   */
  enter(ending: Ending, hasTime: () => boolean = always): T | Promise<T> {
    ending.throwIfEnded();
    if (this.#waiters.size === 0 && hasTime()) {
      const taken = this.#admit();
      if (taken !== undefined) return taken;
    }
    const { most } = this.#options;
    if (this.#waiters.size >= most) {
      throw new RpcError(`${most} calls are waiting already`, { code: "resource_exhausted" });
    }
    const admitted = this.#queue(ending, hasTime);
    this.wake(); // all others may be out of time
    return admitted;
  }

  /** One goes: perhaps others may come in. */
  leave(): void {
    this.#inside--;
    this.wake();
  }

  /** There may be room, or something to take, that wasn't before. */
  wake(): void {
    for (const waiter of this.#waiters) {
      if (!this.#hasRoom) return;
      if (!waiter.hasTime()) continue;
      const taken = this.#admit();
      if (taken === undefined) return;
      this.#waiters.delete(waiter);
      waiter.admit(taken);
    }
  }

  get #hasRoom(): boolean {
    return this.#inside < this.#options.limit();
  }

  #admit(): T | undefined {
    if (!this.#hasRoom) return undefined;
    const taken = this.#options.take();
    if (taken !== undefined) this.#inside++;
    return taken;
  }

  #queue(ending: Ending, hasTime: () => boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const forget = ending.onEnd((reason) => {
        this.#waiters.delete(waiter);
        reject(reason);
      });
      const waiter: Waiter<T> = {
        hasTime,
        admit(taken) {
          forget();
          resolve(taken);
        },
      };
      this.#waiters.add(waiter);
    });
  }
}

function always(): boolean {
  return true;
}
