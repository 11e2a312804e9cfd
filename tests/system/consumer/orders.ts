/** A consumer's blueprint: adds up the orders of each customer. */

import { defineBlueprint, discard, keyed, ndjson } from "@shopfloor/shopfloor";
import { z } from "zod";

export default defineBlueprint({
  name: "orders",
  material: z.object({ customer: z.string(), cents: z.int() }),
  key: (order) => order.customer,
  products: { total: z.object({ customer: z.string(), cents: z.int(), orders: z.int() }) },
  workshop: keyed({
    hire: () => ({ cents: 0, orders: 0 }),
    work({ key, state }, { cents }, ship) {
      state.cents += cents;
      state.orders++;
      ship("total", { customer: key, ...state });
    },
  }),
  sinks: ({ path }) => path === undefined ? discard() : ndjson({ path: String(path) }),
});
