/**
 * What the blueprint's functions are handed: the worker, `ship` and the context.
 *
 * @module
 */

import type { Settings } from "../core/mod.ts";
import type { CallOptions } from "../rpc/mod.ts";

/** Why a worker is dismissed. */
export type DismissReason = "idle" | "age" | "evicted" | "asked" | "closing";

/** The keyed processor as the blueprint sees it: one for each live key. */
export interface Worker<State = unknown> {
  /** The key that it serves. */
  readonly key: string;
  /** Its state: plain data, changed in place or replaced. A failed turn leaves it as it was before the turn. */
  state: State;
  /** When it was hired, ms since 1970. */
  readonly hiredAt: number;
  /** Items processed without failing. */
  readonly processed: number;
  /** Aborts at the deadline of the turn under way, and when the workshop closes. */
  readonly signal: AbortSignal;
  /** The factory's time, ms since 1970. */
  now(): number;
  /**
   * Calls `onTimer` with `name` in `ms` milliseconds from now; a timer of the same name is replaced. As with all that
   * a turn does, it counts only if the turn ends well, and then: a failed turn has set no timer.
   */
  after(ms: number, name: string): void;
  /** Forgets the timer, if the turn ends well. */
  cancel(name: string): void;
}

/**
 * Ships a product: it leaves with the turn. If the turn fails, nothing of it is shipped. What is shipped is a copy:
 * changing the object afterwards changes nothing.
 *
 * @throws {ItemError} when the product does not fit its schema
 */
export type Ship<Products> = <Type extends keyof Products & string>(
  type: Type,
  product: Products[Type],
) => void;

/** What every function of a blueprint receives last. */
export interface Context {
  /** The settings handed to the factory. */
  readonly settings: Settings;
  /**
   * Calls a method of a service that the blueprint names, and resolves to its answer: JSON, or a message if the
   * service has a schema. Only in asynchronous turns, and only until they end: the turn's time is the call's, too.
   *
   * The answer is whatever the service sends: like that of `Response.json()`, its type is the caller's to say.
   *
   * @throws {RpcError} with one of Connect's codes, or the reason of the signal that gave the call up
   */
  // deno-lint-ignore no-explicit-any -- as `Response.json()`, and for the same reason
  readonly call: <Answer = any>(
    service: string,
    method: string,
    payload?: unknown,
    options?: CallOptions,
  ) => Promise<Answer>;
}
