/** Every turn calls a service, which takes four calls of a workshop at a time. */

import { z } from "zod";
import { type Blueprint, defineBlueprint, discard, generator, keyed, service } from "../../../mod.ts";

const KEYS = 1_000;

export default defineBlueprint({
  name: "calling",
  material: z.object({ key: z.string() }),
  key: ({ key }) => key,
  products: { weight: z.object({ key: z.string() }) },
  services: ({ url }) => ({
    scales: service({ protocol: "json", endpoints: [String(url)], concurrency: 4, deadlineMs: 2_000 }),
  }),
  workshop: keyed({
    turn: { concurrency: 64, retries: { attempts: 1_000, minMs: 10, maxMs: 100 } },
    hire: () => ({}),
    async work({ key }, _item, ship, { call }) {
      await call("scales", "weigh", { key }, { idempotent: true });
      ship("weight", { key });
    },
  }),
  source: generator(async function* () {
    for (let number = 0;; number += KEYS) {
      yield Array.from({ length: KEYS }, (_, index) => ({ key: `key ${index}` }));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }),
  sinks: discard(),
}) as Blueprint;
