/** Means of the lines of a file, in a factory that has accidents and awaits something in every turn. */

import { z } from "zod";
import { callback, defineBlueprint, keyed, ndjson, type Settings, sqlite } from "../../../mod.ts";
import { accident } from "./due.ts";

let settings: Settings | undefined;

const average = z.object({ device: z.string(), at: z.number(), mean: z.number(), count: z.int() });

export default defineBlueprint({
  name: "lines",
  material: z.object({ device: z.string(), at: z.number(), celsius: z.number() }),
  key(material) {
    accident("procurement", settings);
    return material.device;
  },
  products: { average, witness: average },
  workshop: keyed({
    contract: { idleMs: 150 },
    hire: () => ({ count: 0, mean: 0 }),
    async work(worker, { at, celsius }, ship, context) {
      const state = worker.state;
      state.count++;
      await Promise.resolve();
      accident("workshop", context.settings);
      state.mean += (celsius - state.mean) / state.count;
      const product = { device: worker.key, at, mean: state.mean, count: state.count };
      ship("average", product);
      ship("witness", product);
    },
  }),
  source(given) {
    settings = given;
    return ndjson();
  },
  sinks: {
    average: sqlite(),
    witness: callback((_type, products, context) => {
      for (let index = 0; index < products.length; index++) accident("transport", context.settings);
    }),
  },
});
