/**
 * The fleet job into the embedded store: for each device count and running mean, one row for each item, by type.
 *
 * @module
 */

import { z } from "zod";
import { type Blueprint, defineBlueprint, keyed, sqlite } from "../../mod.ts";
import { fleetSource, reading, TYPES } from "./fleet_source.ts";

const product = z.object({
  device: z.string(),
  type: z.string(),
  at: z.number(),
  count: z.int(),
  mean: z.number(),
});

export default defineBlueprint({
  name: "fleet",
  material: reading,
  key: ({ device }) => device,
  products: Object.fromEntries(TYPES.map((type) => [type, product])),
  workshop: keyed({
    hire: () => ({ count: 0, mean: 0 }),
    work({ key, state }, { type, at, value }, ship) {
      state.count++;
      state.mean += (value - state.mean) / state.count;
      ship(type, { device: key, type, at, count: state.count, mean: state.mean });
    },
  }),
  source: fleetSource,
  sinks: sqlite(),
}) as Blueprint;
