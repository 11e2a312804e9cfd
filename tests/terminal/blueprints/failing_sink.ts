import { z } from "zod";
import { callback, defineBlueprint, keyed } from "../../../mod.ts";

/** Its sink refuses everything. */
export default defineBlueprint({
  name: "failing_sink",
  material: z.object({ key: z.string() }),
  key: ({ key }) => key,
  products: { echo: z.object({ key: z.string() }) },
  workshop: keyed({ hire: () => ({}), work: (_worker, material, ship) => ship("echo", material) }),
  sinks: callback(() => {
    throw new Error("the gate is shut");
  }),
});
