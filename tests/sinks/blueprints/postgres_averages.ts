/** Counts and averages of devices, into the PostgreSQL that the environment names. */
import { z } from "zod";
import { defineBlueprint, keyed, ndjson, postgres } from "../../../mod.ts";

export default defineBlueprint({
  name: "averages",
  material: z.object({ device: z.string(), at: z.number(), celsius: z.number() }),
  key: (reading) => reading.device,
  products: {
    average: z.object({ device: z.string(), at: z.number(), mean: z.number(), count: z.int() }),
  },
  workshop: keyed({
    hire: () => ({ count: 0, mean: 0 }),
    work(worker, reading, ship) {
      const { state } = worker;
      state.count++;
      state.mean += (reading.celsius - state.mean) / state.count;
      ship("average", { device: worker.key, at: reading.at, mean: state.mean, count: state.count });
    },
  }),
  source: ndjson(),
  sinks: postgres({ timeoutMs: 5_000 }),
});
