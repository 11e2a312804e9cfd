/**
 * The fleet job: for each device count and running mean; one product for each item, by type, to a sink that drops
 * it.
 *
 * @module
 */

import { z } from "zod";
import { defineBlueprint, discard, keyed } from "../../mod.ts";
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
  key: (material) => material.device,
  products: Object.fromEntries(TYPES.map((type) => [type, product])),
  workshop: keyed({
    contract: { idleMs: 5_000 },
    hire: () => ({ count: 0, mean: 0 }),
    work(worker, material, ship) {
      const state = worker.state;
      state.count++;
      state.mean += (material.value - state.mean) / state.count;
      ship(material.type, {
        device: worker.key,
        type: material.type,
        at: material.at,
        count: state.count,
        mean: state.mean,
      });
    },
  }),
  source: fleetSource,
  sinks: discard(),
});
