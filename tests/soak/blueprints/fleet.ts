/**
 * The fleet, in a factory that has accidents: a product for each reading, by type, and each device's last word when
 * it falls asleep. From a generator with an offset; `settings.items` readings of `settings.keys` devices.
 */

import { z } from "zod";
import { callback, defineBlueprint, generator, keyed, type Settings, sqlite } from "../../../mod.ts";
import { fleetReadings, reading, TYPES } from "../../../bench/scenarios/fleet_source.ts";
import { accident } from "./due.ts";

/** Readings handed over at once: few, so that a kill often cuts between them. */
const CHUNK = 64;

const average = z.object({ device: z.string(), count: z.int(), mean: z.number() });
const stored = [...TYPES, "farewell"];

let settings: Settings | undefined;

export default defineBlueprint({
  name: "fleet",
  material: reading,
  key(material) {
    accident("procurement", settings);
    return material.device;
  },
  products: Object.fromEntries([...stored, "witness"].map((type) => [type, average])),
  workshop: keyed({
    contract: { idleMs: 150 },
    hire: () => ({ count: 0, mean: 0 }),
    work(worker, { type, value }, ship, context) {
      accident("workshop", context.settings);
      const state = worker.state;
      state.count++;
      state.mean += (value - state.mean) / state.count;
      const product = { device: worker.key, count: state.count, mean: state.mean };
      ship(type, product);
      ship("witness", product);
    },
    dismiss(worker, ship) {
      ship("farewell", { device: worker.key, ...worker.state });
    },
  }),
  source(given) {
    settings = given;
    const items = Number(given.items);
    let next = 0;
    return generator(function* ({ offset }) {
      next = typeof offset === "number" ? offset : 0;
      const draw = fleetReadings(Number(given.keys));
      draw(next);
      while (next < items) {
        const readings = draw(Math.min(CHUNK, items - next));
        next += readings.length;
        yield readings;
      }
    }, { offset: () => next });
  },
  sinks: {
    ...Object.fromEntries(stored.map((type) => [type, sqlite()])),
    witness: callback((_type, products, context) => {
      for (let index = 0; index < products.length; index++) accident("transport", context.settings);
    }),
  },
});
