/** Keeps a factory busy: as much as it takes, seven of ten items of one key, and some that can't be processed. */

import { z } from "zod";
import { callback, defineBlueprint, generator, keyed } from "../../../mod.ts";

let refused = 0;

export default defineBlueprint({
  name: "busy",
  material: z.object({ key: z.string(), number: z.int() }),
  key: (item) => item.key,
  products: { even: z.object({ number: z.int() }), odd: z.object({ number: z.int() }) },
  workshop: keyed({
    contract: { idleMs: 500 },
    turn: { retries: { attempts: 2, minMs: 1, maxMs: 1 } },
    hire: () => ({}),
    work(_worker, { number }, ship) {
      let spun = 0;
      for (let i = 0; i < 5_000; i++) spun += Math.sqrt(number + i);
      if (number % 50_000 === 7 || spun < 0) throw new Error("not this one");
      ship(number % 2 === 0 ? "even" : "odd", { number });
    },
  }),
  source: generator(async function* () {
    for (let number = 0;; number += 100) {
      yield Array.from({ length: 100 }, (_, i) => ({
        key: i % 10 < 7 ? "hot \u001b[31m<b>" : `cold ${(number + i) % 997}`,
        number: number + i,
      }));
      if (number % 1_000 === 0) yield { key: 5, number } as never; // no text: rejected
      if (number % 10_000 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }),
  // The first deliveries are refused.
  sinks: {
    even: callback(() => {
      if (refused++ < 2) throw new Error("the sink sleeps");
    }),
    odd: callback(() => {}),
  },
});
