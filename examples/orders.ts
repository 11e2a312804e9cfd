import { defineBlueprint, keyed, ndjson } from "@shopfloor/shopfloor";
import { z } from "zod";

/** Adds up the orders of each customer, and rewards every third one. */
export default defineBlueprint({
  name: "orders",
  material: z.object({ customer: z.string(), cents: z.int() }), // what comes in
  key: (order) => order.customer, // one worker for each customer, who takes the orders one by one
  products: { // what goes out
    total: z.object({ customer: z.string(), orders: z.int(), cents: z.int() }),
    reward: z.object({ customer: z.string(), cents: z.int() }),
  },
  workshop: keyed({
    contract: { idleMs: 60_000 }, // the worker leaves after a minute without orders
    hire: () => ({ orders: 0, cents: 0 }), // the state of a new worker
    work({ key, state }, order, ship) {
      state.orders++;
      state.cents += order.cents;
      ship("total", { customer: key, ...state });
      if (state.orders % 3 === 0) ship("reward", { customer: key, cents: Math.round(state.cents / 100) });
    },
  }),
  source: ndjson(), // --input, or standard input
  sinks: ndjson({ path: "-" }), // standard output
});
