import { systemClock } from "../../src/core/mod.ts";
import type { Delivery, SinkContext } from "../../src/sinks/mod.ts";

/** A context without products and store, but for what is given. */
export function sinkContext(context: Partial<SinkContext> = {}): SinkContext {
  return {
    settings: {},
    products: new Map(),
    store: undefined,
    signal: new AbortController().signal,
    clock: systemClock,
    ...context,
  };
}

/** A delivery of these products. */
export function delivery(products: readonly unknown[], rest: Partial<Delivery> = {}): Delivery {
  return {
    type: "reading",
    count: products.length,
    products,
    keys: products.map((_, index) => `key ${index}`),
    at: 1_700_000_000_000,
    epoch: 3,
    workshop: 0,
    idempotencyKey: "3-0-7",
    ...rest,
  };
}
