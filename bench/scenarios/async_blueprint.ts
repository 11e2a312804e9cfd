/**
 * The fleet with a handler that awaits `settings.waitMs`.
 *
 * @module
 */

import { z } from "zod";
import { defineBlueprint, discard, keyed } from "../../mod.ts";
import { fleetSource, reading } from "./fleet_source.ts";

export default defineBlueprint({
  name: "async",
  material: reading,
  key: (material) => material.device,
  products: { count: z.object({ device: z.string(), count: z.int() }) },
  workshop: keyed({
    turn: { concurrency: 5_000 },
    hire: () => ({ count: 0 }),
    async work(worker, _material, ship, { settings }) {
      await new Promise((resolve) => setTimeout(resolve, settings.waitMs as number));
      ship("count", { device: worker.key, count: ++worker.state.count });
    },
  }),
  source: fleetSource,
  sinks: discard(),
});
