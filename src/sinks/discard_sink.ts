/**
 * A sink for products that nobody wants.
 *
 * @module
 */

import type { Sink } from "./sink.ts";

/**
 * Throws products away without looking at them: they are not even decoded. What a factory without sinks has.
 *
 * @example
 * ```ts
 * import { discard } from "@shopfloor/shopfloor";
 * import assert from "node:assert/strict";
 *
 * assert.equal(discard().name, "discard");
 * ```
 */
export function discard(): Sink {
  return {
    name: "discard",
    guarantee: "at-least-once",
    open: () => ({ write() {}, close() {} }),
  };
}
