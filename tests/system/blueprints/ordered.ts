/**
 * Ships each item's number among those of its key: the one that it was given, and the one that the worker counts to.
 * Some turns are asynchronous, some fail the first time.
 */

import { z } from "zod";
import { defineBlueprint, generator, keyed, ndjson } from "../../../mod.ts";

/** What a run is like. */
export interface Order {
  readonly path: string;
  readonly items: number;
  readonly keys: number;
  readonly seed: number;
  /** One key in so many has asynchronous turns; none with 0. */
  readonly awaiting: number;
  /** One item in so many fails the first time; none with 0. */
  readonly failing: number;
}

/** Short and long keys, ASCII and not: they are compared in different ways. */
export function keyNames(keys: number): string[] {
  const forms = ["k", "sensor-of-the-north-hall-", "née ", "\u{1f600}"];
  return Array.from({ length: keys }, (_, key) => `${forms[key % forms.length]}${key}`);
}

const failed = new Set<string>();

export default defineBlueprint({
  name: "ordered",
  material: z.object({ key: z.string(), nth: z.int(), awaits: z.boolean(), fails: z.boolean() }),
  key: ({ key }) => key,
  products: { seen: z.object({ key: z.string(), nth: z.int(), counted: z.int() }) },
  workshop: keyed({
    turn: { retries: { attempts: 2, minMs: 1 } },
    hire: () => ({ counted: 0 }),
    work({ key, state }, { nth, awaits, fails }, ship): void | Promise<void> {
      const finish = () => ship("seen", { key, nth, counted: ++state.counted });
      if (fails && !failed.has(`${nth} of ${key}`)) {
        failed.add(`${nth} of ${key}`);
        finish();
        throw new RangeError("the first time");
      }
      if (!awaits) return finish();
      return Promise.resolve().then(finish);
    },
  }),
  source: (settings) => {
    const { items, keys, seed, awaiting, failing } = settings as unknown as Order;
    return generator(function* () {
      const names = keyNames(keys);
      const counts = new Uint32Array(keys);
      let random = seed | 1;
      for (let item = 0; item < items; item++) {
        random = Math.imul(random, 0x5851f42d) + 0x14057b7f | 0;
        const key = (random >>> 8) % keys;
        const awaits = awaiting > 0 && key % awaiting === 0;
        yield { key: names[key], nth: ++counts[key], awaits, fails: failing > 0 && item % failing === 1 };
      }
    });
  },
  sinks: (settings) => ndjson({ path: (settings as unknown as Order).path }),
});
