import { defineBlueprint, keyed, push, sqlite } from "../../../mod.ts";
import { z } from "zod";

/** Books entries, each once; can't stand those that are odd unless the setting `cured` says so. */
export default defineBlueprint({
  name: "ledger",
  material: z.object({ account: z.string(), entry: z.int() }),
  key: ({ account }) => account,
  products: { booking: z.object({ entry: z.int(), balance: z.int() }) },
  workshop: keyed({
    contract: { idleMs: 600_000 },
    turn: { retries: { attempts: 1 } },
    hire: () => ({ balance: 0 }),
    work(worker, { entry }, ship, { settings }) {
      if (entry < 0 && !settings.cured) throw new Error(`entry ${entry} is odd`);
      worker.state.balance += entry;
      ship("booking", { entry, balance: worker.state.balance });
    },
  }),
  source: push(),
  sinks: sqlite(),
});
