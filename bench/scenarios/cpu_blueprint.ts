/**
 * The fleet with a handler that computes: `settings.spins` rounds of an integer mixer for each item.
 *
 * @module
 */

import { z } from "zod";
import { defineBlueprint, discard, keyed } from "../../mod.ts";
import { fleetSource, reading } from "./fleet_source.ts";
import { spin } from "./spin.ts";

export default defineBlueprint({
  name: "cpu",
  material: reading,
  key: (material) => material.device,
  products: { result: z.object({ device: z.string(), at: z.number(), result: z.int() }) },
  workshop: keyed({
    hire: () => ({ mixed: 1 }),
    work(worker, material, ship, { settings }) {
      worker.state.mixed = spin(worker.state.mixed, settings.spins as number);
      ship("result", { device: worker.key, at: material.at, result: worker.state.mixed });
    },
  }),
  source: fleetSource,
  sinks: discard(),
});
