import { describe, it } from "node:test";
import process from "node:process";
import { type Chronicle, simulate } from "./simulate.ts";

/** `SHOPFLOOR_SEED=7` lives through that one alone; `SHOPFLOOR_SEEDS=100000` through so many new ones. */
const { SHOPFLOOR_SEED: only, SHOPFLOOR_SEEDS: many } = process.env;
const first = only !== undefined ? Number(only) : many !== undefined ? Date.now() % 1e9 : 1;
const count = only !== undefined ? 1 : Number(many ?? 1_000);

/** Lives at the same time: most of each is waiting for the disk. */
const CHUNK = 100;

describe("simulated factories, with departments and processes that die and slots that move", () => {
  for (let from = first; from < first + count; from += CHUNK) {
    const to = Math.min(from + CHUNK, first + count);
    it(`are exact, in order and bounded, and get to their end: seeds ${from} to ${to - 1}`, async () => {
      for (let seed = from; seed < to; seed++) {
        const chronicle: Chronicle = [];
        try {
          await simulate(seed, chronicle);
        } catch (cause) {
          throw new Error(
            `SHOPFLOOR_SEED=${seed} fails: ${(cause as Error).message}\n${chronicle.join("\n")}`,
            {
              cause,
            },
          );
        }
      }
    });
  }
});
