/**
 * Weighs devices by calling the service that `settings.scales` names.
 *
 * @module
 */

import { z } from "zod";
import { callback, defineBlueprint, keyed, service } from "../../../mod.ts";

export default defineBlueprint({
  name: "weights",
  material: z.object({ device: z.string(), id: z.int() }),
  key: ({ device }) => device,
  products: { weight: z.object({ device: z.string(), id: z.int(), grams: z.number() }) },
  services: ({ scales }) => ({ scales: service({ protocol: "json", endpoints: [String(scales)] }) }),
  workshop: keyed({
    turn: { timeoutMs: 20_000 },
    hire: () => ({ grams: 0 }),
    async work(worker, { device, id }, ship, context) {
      const { grams } = await context.call("scales", "weigh", { id }, { idempotent: true });
      worker.state.grams += grams;
      ship("weight", { device, id, grams });
    },
  }),
  sinks: callback(() => {}),
});
