/**
 * Means again, but made hard to recover: turns that take a while, fail at random and are tried again, workers that
 * are dismissed all the time, and a product that only a timer ships.
 */

import { z } from "zod";
import { defineBlueprint, keyed, ndjson, sqlite } from "../../../mod.ts";

export default defineBlueprint({
  name: "restless",
  material: z.object({ device: z.string(), at: z.number(), celsius: z.number() }),
  key: (material) => material.device,
  products: {
    average: z.object({ device: z.string(), at: z.number(), mean: z.number(), count: z.int() }),
    reminder: z.object({ device: z.string(), count: z.int() }),
  },
  workshop: keyed({
    contract: { idleMs: 40 },
    turn: { retries: { attempts: 50, minMs: 1, maxMs: 20 } },
    hire: () => ({ count: 0, mean: 0, seen: new Set<number>() }),
    async work(worker, material, ship) {
      const state = worker.state;
      state.count++;
      state.mean += (material.celsius - state.mean) / state.count;
      state.seen.add(material.at % 10);
      ship("average", { device: worker.key, at: material.at, mean: state.mean, count: state.count });
      if (state.count === 3) worker.after(150, "remind");
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
      if (Math.random() < 0.02) throw new Error("try again");
    },
    onTimer(worker, _name, ship) {
      ship("reminder", { device: worker.key, count: 3 });
    },
  }),
  source: ndjson(),
  sinks: sqlite(),
});
