/**
 * A sink that is written as a function.
 *
 * @module
 */

import { messageOf, type Settings, SinkError } from "../core/mod.ts";
import { patienceOf } from "./patience.ts";
import type { Sink, SinkPatience } from "./sink.ts";

/** What a sink's function is told about the products. */
export interface CallbackContext {
  /** The settings handed to the factory. */
  readonly settings: Settings;
  /** The key of each product. */
  readonly keys: readonly string[];
  /** The epoch that the products belong to. */
  readonly epoch: number;
  /** The same when the same products come again after a failure. */
  readonly idempotencyKey: string;
  /** Aborts when the call is overdue, or the factory closes: hand it to `fetch`. */
  readonly signal: AbortSignal;
}

/**
 * Hands products to a function, which runs in the transport department: several of one type at a time, in the order
 * in which each key shipped them. The next call waits for the promise that the function returns. A call that takes
 * longer than `timeoutMs` has failed, and its `signal` aborts; unless its promise settles in as long again, the next
 * call is made beside it.
 *
 * At least once: when the function throws, the same products come again with the same `idempotencyKey`. After a
 * crash those of the epochs that weren't committed are made again, and come with keys of their own. To give up instead, throw a {@link SinkError} with `fields: { final: true }`.
 *
 * @example
 * ```ts
 * import { callback } from "@shopfloor/shopfloor";
 * import assert from "node:assert/strict";
 *
 * const sink = callback((type, products) => console.log(type, products.length));
 * assert.equal(sink.guarantee, "at-least-once");
 * ```
 */
export function callback(
  take: (type: string, products: readonly unknown[], context: CallbackContext) => void | Promise<void>,
  options: SinkPatience = {},
): Sink {
  return {
    name: take.name === "" ? "callback" : `callback ${take.name}`,
    guarantee: "at-least-once",
    ...patienceOf(options, "callback"),
    open: ({ settings, signal }) => ({
      async write(delivery, call) {
        const { type, epoch, idempotencyKey, count } = delivery;
        if (count === 0) return;
        const context = {
          settings,
          epoch,
          idempotencyKey,
          signal: call?.signal ?? signal,
          get keys() {
            return delivery.keys; // decoded only if asked for
          },
        };
        try {
          await take(type, delivery.products, context);
        } catch (cause) {
          if (cause instanceof SinkError) throw cause;
          throw new SinkError(`sink callback: ${messageOf(cause)}`, { fields: { type, epoch }, cause });
        }
      },
      close() {},
    }),
  };
}
