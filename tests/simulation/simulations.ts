/** Many simulated lives as tests. */

import { describe, it } from "node:test";
import { type Chronicle, simulate } from "./simulate.ts";

/** Seeds in one test: they end well within a test's time on a machine that is busy with other things. */
const CHUNK = 25;

/** Lives through `count` seeds from `first` on; one that fails is named, with what happened in it. */
export function simulations({ first, count }: { first: number; count: number }): void {
  describe("simulated factories, with departments and processes that die and slots that move", () => {
    for (let from = first; from < first + count; from += CHUNK) {
      const to = Math.min(from + CHUNK, first + count);
      it(`are exact, in order and bounded, and get to their end: seeds ${from} to ${to - 1}`, async () => {
        for (let seed = from; seed < to; seed++) {
          const chronicle: Chronicle = [];
          try {
            await simulate(seed, chronicle);
          } catch (cause) {
            const { message } = cause as Error;
            throw new Error(`SHOPFLOOR_SEED=${seed} fails: ${message}\n${chronicle.join("\n")}`, { cause });
          }
        }
      });
    }
  });
}
