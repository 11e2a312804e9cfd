import { defineBlueprint, discard, generator, keyed } from "../../../mod.ts";
import { z } from "zod";

/** Its source fails after a few items. */
export default defineBlueprint({
  name: "failing_source",
  material: z.object({ key: z.string() }),
  key: ({ key }) => key,
  products: {},
  workshop: keyed({ hire: () => ({}), work() {} }),
  source: generator(async function* () {
    yield [{ key: "a" }, { key: "b" }];
    throw new Error("the belt has snapped");
  }),
  sinks: discard(),
});
