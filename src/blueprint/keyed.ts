/**
 * The basic kind of workshop: one worker for each key.
 *
 * @module
 */

import type { Context, DismissReason, Ship, Worker } from "./worker.ts";

/** When a worker is dismissed. */
export interface Contract {
  /** Dismissed after so many milliseconds without an item. Default 60,000. */
  readonly idleMs?: number;
  /** Dismissed so many milliseconds after being hired, busy keys too (at the next quiet moment). Default: never. */
  readonly ageMs?: number;
  /** Whether the state of a dismissed worker is kept for when its key returns. Default true; needs a data directory. */
  readonly keepState?: boolean;
  /**
   * Whether a factory that drains dismisses everybody, reason `closing`, before it closes. Default false: who works
   * for a durable factory is back at work when it opens again.
   */
  readonly dismissOnDrain?: boolean;
  /**
   * Live workers of one workshop; the longest idle are evicted beyond it, those that wait for a timer only when there
   * is nobody else. Default 4,000,000.
   */
  readonly maxWorkers?: number;
}

/** What happens to a failing turn. */
export interface Retries {
  /** Turns altogether for one item. Default 3; 1 means no retry. */
  readonly attempts?: number;
  /** Wait before the second attempt. Default 100. */
  readonly minMs?: number;
  /** Longest wait. Default 5,000. */
  readonly maxMs?: number;
  /** Growth of the wait from attempt to attempt. Default 2. */
  readonly factor?: number;
  /** Share of the wait that is random, 0 to 1. Default 0.2. */
  readonly jitter?: number;
}

/** How turns run. */
export interface TurnOptions {
  /** Deadline of an asynchronous turn. Default 30,000. */
  readonly timeoutMs?: number;
  /** What follows a turn that throws or is overdue. Default: two more attempts, about 100 and 200 ms later. */
  readonly retries?: Retries;
  /** Asynchronous turns at once in one workshop. Default 1,000. */
  readonly concurrency?: number;
  /**
   * Whether a failed turn puts the worker's state back. Default true; costs a copy of the state for each turn. With
   * false, `work` must return promises always or never: its first change of mind runs one item twice on the state.
   */
  readonly rollback?: boolean;
}

/** A keyed workshop: what {@link keyed} takes. */
export interface KeyedDefinition<Material, Products, State> {
  /** When workers leave. Default: after a minute without an item, with their state kept if there is a store. */
  readonly contract?: Contract;
  /** Deadline, retries and concurrency of turns. Default: 30 s, 3 attempts, 1,000 at once in a workshop. */
  readonly turn?: TurnOptions;
  /** Version of the state's form, a positive whole number. Default 1. */
  readonly version?: number;
  /** Brings a stored state of another version up to this one. Without it, opening such a store is an error. */
  migrate?(old: unknown, version: number): State;
  /** Makes the state of a new worker. */
  hire(key: string, context: Context): State;
  /** Processes one item. May be asynchronous: keys run side by side, items of one key strictly in order. */
  work(
    worker: Worker<State>,
    material: Material,
    ship: Ship<Products>,
    context: Context,
  ): void | Promise<void>;
  /** Called when a timer set with `worker.after` rings, in turn with the items. */
  onTimer?(
    worker: Worker<State>,
    name: string,
    ship: Ship<Products>,
    context: Context,
  ): void | Promise<void>;
  /** Says good-bye; may still ship. */
  dismiss?(
    worker: Worker<State>,
    ship: Ship<Products>,
    reason: DismissReason,
    context: Context,
  ): void | Promise<void>;
}

/** A workshop as the departments see it, types forgotten. */
export interface WorkshopDefinition extends KeyedDefinition<unknown, Record<string, unknown>, unknown> {
  /** The kind of workshop: one worker for each key. */
  readonly kind: "keyed";
}

/**
 * A kind of workshop for some material and products.
 *
 * It is a function that returns the definition: TypeScript works out a call that returns a function after its
 * neighbours, which is what lets `material` and `products` of a blueprint flow into `work` without annotations.
 */
export interface Workshop<Material, Products> {
  (types?: (material: Material, products: Products) => void): WorkshopDefinition;
}

/**
 * One worker for each key, with a state of its own, items strictly in order.
 *
 * @example
 * ```ts
 * import { defineBlueprint, keyed } from "@shopfloor/shopfloor";
 * import { z } from "zod";
 * import assert from "node:assert/strict";
 *
 * const blueprint = defineBlueprint({
 *   name: "counter",
 *   material: z.object({ user: z.string() }),
 *   key: (click) => click.user,
 *   products: { count: z.object({ user: z.string(), clicks: z.int() }) },
 *   workshop: keyed({
 *     hire: () => ({ clicks: 0 }),
 *     work(worker, _click, ship) {
 *       ship("count", { user: worker.key, clicks: ++worker.state.clicks });
 *     },
 *   }),
 * });
 * assert.equal(blueprint.workshop.kind, "keyed");
 * ```
 */
export function keyed<Material, Products, State>(
  definition: KeyedDefinition<Material, Products, State>,
): Workshop<Material, Products> {
  const workshop = { ...definition, kind: "keyed" } as unknown as WorkshopDefinition;
  return () => workshop;
}
