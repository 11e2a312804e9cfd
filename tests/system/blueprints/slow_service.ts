/** Every turn waits for a service that is far slower than the source. */

import { type Blueprint, defineBlueprint, generator, keyed } from "../../../mod.ts";
import { z } from "zod";

const ITEMS = 400_000;
const KEYS = 1_000;

const blueprint: Blueprint = defineBlueprint({
  name: "slow-service",
  material: z.object({ key: z.string() }),
  key: ({ key }) => key,
  products: { answer: z.object({ key: z.string() }) },
  workshop: keyed({
    turn: { concurrency: 8 },
    hire: () => ({}),
    async work({ key }, _item, ship) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      ship("answer", { key });
    },
  }),
  source: generator(function* () {
    for (let from = 0; from < ITEMS; from += KEYS) {
      yield Array.from({ length: KEYS }, (_, index) => ({ key: `key-${index}` }));
    }
  }),
});
export default blueprint;
