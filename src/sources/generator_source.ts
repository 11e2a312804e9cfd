/**
 * A source that is written as a generator function.
 *
 * @module
 */

import type { GeneratorContext, Yielded } from "./generator_context.ts";
import { GeneratorReader } from "./generator_reader.ts";
import type { Source } from "./source.ts";

/** What {@link generator} takes besides the function. */
export interface GeneratorOptions {
  /**
   * Makes the source replayable: called after every `yield`, before the generator goes on, it returns where the
   * generator would have to go on behind what it just yielded. Plain JSON; a number or a string costs least.
   */
  readonly offset?: () => unknown;
}

/**
 * Brings what a generator yields, and ends when it returns. It runs ahead of the factory by about 1,024 items at
 * most. What it throws fails the factory, after the items before it have been delivered.
 *
 * Any iterable will do, an array too. Between two steps of it the event loop gets its turn; a single step that
 * computes for long holds procurement up.
 *
 * @param produce called when the source is opened
 *
 * @example
 * ```ts
 * import { generator } from "@shopfloor/shopfloor";
 * import assert from "node:assert/strict";
 *
 * let next = 0;
 * const numbers = generator(
 *   async function* ({ offset }) {
 *     for (next = Number(offset ?? 0); next < 10; next++) yield { number: next };
 *   },
 *   { offset: () => next + 1 }, // asked at the yield, before `next++`
 * );
 * assert.equal(numbers.replayable, true);
 * ```
 */
export function generator<Item>(
  produce: (context: GeneratorContext) => AsyncIterable<Yielded<Item>> | Iterable<Yielded<Item>>,
  options: GeneratorOptions = {},
): Source {
  const name = produce.name === "" ? "generator" : `generator ${produce.name}`;
  return {
    name,
    bounded: true,
    replayable: options.offset !== undefined,
    open: (context) => new GeneratorReader(produce, { context, name, offset: options.offset }),
  };
}
