/** Counts what a source gives before it fails. */

import { z } from "zod";
import { defineBlueprint, generator, keyed, sqlite } from "../../../mod.ts";

export default defineBlueprint({
  name: "failing_source",
  material: z.object({ key: z.string(), number: z.int() }),
  key: (material) => material.key,
  products: { echo: z.object({ number: z.int() }) },
  workshop: keyed({
    hire: () => ({}),
    work(_worker, material, ship) {
      ship("echo", { number: material.number });
    },
  }),
  source: generator(function* () {
    for (let number = 0; number < 4_000; number++) yield { key: `key-${number % 10}`, number };
    throw new RangeError("sensor lost");
  }),
  sinks: sqlite(),
});
