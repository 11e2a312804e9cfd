/**
 * What the blueprint's functions are handed: the worker, `ship` and the context.
 *
 * @module
 */

import type { Settings } from "../core/mod.ts";

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
  /** Calls `onTimer` with `name` in `ms` milliseconds; a timer of the same name is replaced. */
  after(ms: number, name: string): void;
  /** Forgets the timer. */
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
}
