import { defineBlueprint, discard, keyed, push, type Sinks } from "../../../mod.ts";
import { z } from "zod";

/** One of its product types has no sink; the types would not allow it, a blueprint in JavaScript would. */
export default defineBlueprint({
  name: "partly_sunk",
  material: z.object({ user: z.string() }),
  key: ({ user }) => user,
  products: { kept: z.object({ user: z.string() }), lost: z.object({ user: z.string() }) },
  workshop: keyed({ hire: () => ({}), work() {} }),
  source: push(),
  sinks: { kept: discard() } as unknown as Sinks<"kept" | "lost">,
});
