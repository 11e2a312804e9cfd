/**
 * Means, in a factory that has accidents: for each of `settings.accidents`, `<where> <how> <at>`, at the first
 * reading with that number or a later one; once, as a marker in `settings.scratch` says, unless `always` stands behind.
 */

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { callback, defineBlueprint, keyed, ndjson, type Settings, sqlite } from "../../../mod.ts";
import { ACCIDENTS } from "./accidents.ts";

let settings: Settings | undefined;

function accident(where: string, number: number): void {
  for (const text of (settings?.accidents ?? "").toString().split(",")) {
    const [place, how, at, again] = text.split(" ");
    const marker = join(String(settings?.scratch), text.replaceAll(" ", "-"));
    if (place !== where || Number(at) > number || existsSync(marker) && again !== "always") continue;
    writeFileSync(marker, "");
    ACCIDENTS[how]();
  }
}

export default defineBlueprint({
  name: "mortal",
  material: z.object({ device: z.string(), at: z.number(), celsius: z.number() }),
  key(material) {
    accident("procurement", material.at);
    return material.device;
  },
  products: {
    average: z.object({ device: z.string(), at: z.number(), mean: z.number(), count: z.int() }),
    witness: z.object({ at: z.number() }),
  },
  workshop: keyed({
    hire: () => ({ count: 0, mean: 0 }),
    work(worker, material, ship, context) {
      settings = context.settings;
      accident("workshop", material.at);
      const state = worker.state;
      state.count++;
      state.mean += (material.celsius - state.mean) / state.count;
      ship("average", { device: worker.key, at: material.at, mean: state.mean, count: state.count });
      if (material.at % 50 === 0) ship("witness", { at: material.at });
    },
  }),
  source(given) {
    settings = given;
    return ndjson();
  },
  sinks: {
    average: sqlite(),
    witness: callback((_type, products, context) => {
      settings = context.settings;
      for (const { at } of products as { at: number }[]) accident("transport", at);
    }),
  },
});
