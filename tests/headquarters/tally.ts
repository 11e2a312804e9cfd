import { z } from "zod";
import { type Blueprint, defineBlueprint, keyed } from "../../src/blueprint/mod.ts";
import type { Factory } from "../../src/headquarters/mod.ts";
import { discard, sqlite } from "../../src/sinks/mod.ts";
import { inline, type InlineOptions, VirtualClock } from "../../src/testing/mod.ts";
import { query } from "../store/scratch.ts";

/** An item: `bad` is a day that the worker can't stand while it is poisoned, in a form that JSON can't carry. */
export interface Entry {
  key: string;
  value: number;
  bad?: Date;
}

/** What the worker makes of entries; tests change its mind. */
export const mood = { poisoned: true, timers: false };

/** Adds up the values of each key, once each; what it can't stand becomes a dead letter at the first attempt. */
export function tally({ stored }: { stored: boolean }): Blueprint {
  return defineBlueprint({
    name: "tally",
    material: z.object({ key: z.string(), value: z.number(), bad: z.date().optional() }),
    key: ({ key }) => key,
    products: { sum: z.object({ key: z.string(), value: z.number(), sum: z.number() }) },
    workshop: keyed({
      contract: { idleMs: 3_600_000 },
      turn: { retries: { attempts: 1 } },
      hire: () => ({ sum: 0 }),
      work(worker, { value, bad }, ship) {
        if (mood.timers) worker.after(1, "ring");
        if (mood.poisoned && bad) throw new Error(`can't stand ${bad.toISOString()}`);
        worker.state.sum += value;
        ship("sum", { key: worker.key, value, sum: worker.state.sum });
      },
      onTimer() {
        throw new Error("doesn't get up");
      },
    }),
    sinks: stored ? sqlite() : discard(),
  });
}

/** An inline factory on a data directory, or on none. */
export async function openTally(
  { clock = new VirtualClock(), ...options }: Omit<InlineOptions, "clock"> & { clock?: VirtualClock } = {},
): Promise<{ clock: VirtualClock; factory: Factory }> {
  const blueprint = tally({ stored: options.data !== undefined });
  return { clock, factory: await inline(blueprint, { ...options, clock }) };
}

/** Entries numbered on from `from`, every `poison`-th of them bad. */
export function entries(count: number, { from = 0, keys = 3, poison = 0 } = {}): Entry[] {
  return Array.from({ length: count }, (_, i) => {
    const entry = { key: `key-${(from + i) % keys}`, value: from + i };
    return poison > 0 && (from + i) % poison === 0 ? { ...entry, bad: new Date(86_400_000) } : entry;
  });
}

/** The values that have taken effect, in the order of their commit. */
export function shipped(data: string): number[] {
  return query(data, "SELECT value FROM product_sum ORDER BY rowid").map(({ value }) => Number(value));
}
