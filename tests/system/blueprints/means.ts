/** Count and running mean for each device, from a generator that settings describe, into the data directory. */

import { z } from "zod";
import { defineBlueprint, generator, keyed, sqlite } from "../../../mod.ts";
import { readings } from "../readings.ts";

export default defineBlueprint({
  name: "means",
  material: z.object({ device: z.string(), at: z.number(), celsius: z.number() }),
  key: (material) => material.device,
  products: {
    average: z.object({ device: z.string(), at: z.number(), mean: z.number(), count: z.int() }),
    alarm: z.object({ device: z.string(), at: z.number(), celsius: z.number() }),
  },
  workshop: keyed({
    turn: { retries: { attempts: 2, minMs: 5 } },
    hire: () => ({ count: 0, mean: 0 }),
    work(worker, material, ship, context) {
      const state = worker.state;
      state.count++;
      state.mean += (material.celsius - state.mean) / state.count;
      if (material.celsius > 90) ship("alarm", material);
      ship("average", { device: worker.key, at: material.at, mean: state.mean, count: state.count });
      if (material.at % 1_000 === context.settings.poison) throw new RangeError(`poison at ${material.at}`);
    },
  }),
  source: (settings) =>
    generator(function* () {
      yield* readings(Number(settings.items), Number(settings.devices));
    }),
  sinks: sqlite(),
});
