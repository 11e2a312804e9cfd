/**
 * Lines of a file to the mean of each device, one row for each line, into the data directory.
 *
 * @module
 */

import { z } from "zod";
import { type Blueprint, defineBlueprint, keyed, ndjson, sqlite } from "../../mod.ts";

const blueprint: Blueprint = defineBlueprint({
  name: "ndjson",
  material: z.object({
    device: z.string(),
    type: z.string(),
    at: z.number(),
    value: z.number(),
    note: z.string(),
  }),
  key: ({ device }) => device,
  products: { average: z.object({ device: z.string(), at: z.number(), mean: z.number(), count: z.int() }) },
  workshop: keyed({
    hire: () => ({ count: 0, mean: 0 }),
    work({ key, state }, { at, value }, ship) {
      state.count++;
      state.mean += (value - state.mean) / state.count;
      ship("average", { device: key, at, mean: state.mean, count: state.count });
    },
  }),
  source: ndjson(),
  sinks: sqlite(),
});
export default blueprint;
