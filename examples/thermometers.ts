// Outside this repository, the import is from "@shopfloor/shopfloor".
import { defineBlueprint, keyed, ndjson, sqlite } from "../mod.ts";
import { z } from "zod";

export default defineBlueprint({
  name: "thermometers",
  material: z.object({ device: z.string(), at: z.number(), celsius: z.number() }),
  key: (material) => material.device,
  products: {
    average: z.object({ device: z.string(), at: z.number(), mean: z.number(), count: z.int() }),
    alarm: z.object({ device: z.string(), at: z.number(), celsius: z.number() }),
  },
  workshop: keyed({
    contract: { idleMs: 5_000 }, // optional ageMs, maxWorkers
    hire: () => ({ count: 0, mean: 0 }), // the worker's state
    work(worker, material, ship) { // sync or async
      const s = worker.state;
      s.count++;
      s.mean += (material.celsius - s.mean) / s.count;
      if (material.celsius > 90) ship("alarm", material);
      ship("average", { device: worker.key, at: material.at, mean: s.mean, count: s.count });
    },
    // deno-lint-ignore no-unused-vars -- only to show what it is given
    dismiss(worker, ship, reason) {}, // "idle" | "age" | "evicted" | "asked" | "closing"; may ship
  }),
  source: ndjson(), // standard input by default
  sinks: { average: sqlite(), alarm: sqlite() }, // or one sink for all: sinks: sqlite()
});
// `source` and `sinks` may also be functions of the settings: `source: (settings) => …`
