import { defineBlueprint, keyed, push, sqlite } from "../../../mod.ts";
import { z } from "zod";

/** Ships what it is handed; what is to be refused is given up. */
export default defineBlueprint({
  name: "echoing",
  material: z.object({ device: z.string(), note: z.string(), refused: z.boolean() }),
  key: (material) => material.device,
  products: { echo: z.object({ device: z.string(), note: z.string() }) },
  workshop: keyed({
    turn: { retries: { attempts: 1 } },
    hire: () => ({ note: "" }),
    work(worker, material, ship) {
      if (material.refused) throw new Error(material.note);
      worker.state.note = material.note;
      ship("echo", { device: worker.key, note: material.note });
    },
  }),
  source: push(),
  sinks: sqlite(),
});
