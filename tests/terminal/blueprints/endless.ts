import { defineBlueprint, discard, generator, keyed } from "../../../mod.ts";
import { z } from "zod";

/** Its source never ends; a turn takes `settings.turnMs` milliseconds, if that is set. */
export default defineBlueprint({
  name: "endless",
  material: z.object({ key: z.string(), number: z.int() }),
  key: ({ key }) => key,
  products: {},
  workshop: keyed({
    hire: () => ({}),
    async work(worker, _material, _ship, { settings }) {
      const { turnMs } = settings;
      if (typeof turnMs === "number") await new Promise((resolve) => setTimeout(resolve, turnMs));
      worker.state = {};
    },
  }),
  source: generator(async function* ({ signal }) {
    for (let number = 0; !signal.aborted; number++) yield { key: `k${number % 10}`, number };
  }),
  sinks: discard(),
});
