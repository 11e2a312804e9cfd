import { callback, defineBlueprint, keyed, ndjson } from "../../../mod.ts";
import { z } from "zod";

/** Counts and sums per key; `settings.out` is where the counts go. Negative amounts can't be processed. */
export default defineBlueprint({
  name: "counter",
  material: z.object({ user: z.string(), amount: z.number(), note: z.string().optional() }),
  key: (order) => order.user,
  products: { total: z.object({ user: z.string(), orders: z.int(), sum: z.number() }) },
  workshop: keyed({
    contract: { idleMs: 60_000 },
    turn: { retries: { attempts: 2, minMs: 1, maxMs: 1 } },
    hire: () => ({ orders: 0, sum: 0 }),
    work(worker, order, ship) {
      if (order.amount < 0) throw new RangeError("a negative amount");
      worker.state.orders++;
      worker.state.sum += order.amount;
      ship("total", { user: worker.key, ...worker.state });
    },
  }),
  source: ndjson(),
  sinks: ({ out }) => typeof out === "string" ? ndjson({ path: out }) : callback(() => {}),
});
