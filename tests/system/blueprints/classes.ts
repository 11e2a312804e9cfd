/**
 * Counts the readings of each device; devices of the kind `hung` wait until the file that the setting `gate` names is
 * there. A reading out of order fails.
 */

import { existsSync } from "node:fs";
import { z } from "zod";
import { defineBlueprint, generator, keyed, push, sqlite } from "../../../mod.ts";

export const KINDS = ["hung", "quick", "third"];

const counted = z.object({ device: z.string(), at: z.number(), count: z.int() });

export default defineBlueprint({
  name: "classes",
  material: z.object({ device: z.string(), kind: z.enum(["hung", "quick", "third"]), at: z.number() }),
  key: ({ device }) => device,
  affinity: { of: ({ kind }) => kind, classes: KINDS },
  products: { hung: counted, quick: counted, third: counted },
  workshop: keyed({
    contract: { idleMs: 600_000, maxWorkers: 20 },
    turn: { timeoutMs: 600_000, retries: { attempts: 1 } },
    hire: () => ({ count: 0, last: -1 }),
    work(worker, { device, kind, at }, ship, { settings }) {
      const { state } = worker;
      const count = () => {
        if (at <= state.last) throw new RangeError(`${device}: ${at} came after ${state.last}`);
        state.last = at;
        ship(kind, { device, at, count: ++state.count });
      };
      return kind === "hung" && settings.gate ? opened(String(settings.gate)).then(count) : count();
    },
  }),
  source: ({ items }) =>
    items === undefined ? push() : generator(function* () {
      for (let at = 0; at < Number(items); at++) yield reading(at, { hung: 200 });
    }),
  sinks: sqlite(),
});

/** The reading of a time: 20 devices of each kind, and of the kind `hung` as many as said. */
export function reading(at: number, { hung = 20 } = {}): { device: string; kind: string; at: number } {
  const kind = KINDS[at % KINDS.length];
  const devices = kind === "hung" ? hung : 20;
  return { device: `${kind}-${Math.floor(at / KINDS.length) % devices}`, kind, at };
}

async function opened(gate: string): Promise<void> {
  while (!existsSync(gate)) await new Promise((resolve) => setTimeout(resolve, 20));
}
