import { defineBlueprint, discard, keyed } from "../../../mod.ts";
import { z } from "zod";

/** Has no source: it lives on what is pushed. */
export default defineBlueprint({
  name: "pushed",
  material: z.object({ user: z.string() }),
  key: ({ user }) => user,
  products: { echo: z.object({ user: z.string() }) },
  workshop: keyed({ hire: () => ({}), work: (_worker, material, ship) => ship("echo", material) }),
  sinks: discard(),
});
