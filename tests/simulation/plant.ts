/** The factory that is simulated: its blueprint, and what an undisturbed run of it comes to. */

import { z } from "zod";
import { type Blueprint, defineBlueprint, keyed } from "../../src/blueprint/mod.ts";
import { type Clock, sleep } from "../../src/core/mod.ts";
import { sqlite } from "../../src/sinks/mod.ts";
import type { Delivery, Sink } from "../../src/sinks/mod.ts";
import { generator } from "../../src/sources/mod.ts";

/** What differs from run to run. */
export interface Plan {
  readonly items: number;
  readonly keys: number;
  /** Whether turns are asynchronous. */
  readonly asynchronous: boolean;
  readonly idleMs: number;
  /** Whether a dismissed worker's state is there when its key comes back. */
  readonly poisoned: boolean;
  readonly paceMs: number;
}

/** What comes of every item, in order of its key. */
export interface Count {
  readonly number: number;
  readonly count: number;
}

/** Some items fail always, if the plan says so. */
export function isPoison({ poisoned }: Plan, number: number): boolean {
  return poisoned && number % 37 === 5;
}

/** A source that can go back, workers that count, timers, retries and dead letters. */
export function plant(plan: Plan, { clock, witness, failed }: {
  clock: Clock;
  witness: Sink;
  /** Items whose first turn has failed, over all lives. */
  failed: Set<number>;
}): Blueprint {
  const offsets = new Map<AbortSignal, number>();
  return defineBlueprint({
    name: "plant",
    material: z.object({ key: z.string(), number: z.int() }),
    key: ({ key }) => key,
    products: {
      count: z.object({ number: z.int(), count: z.int() }),
      seen: z.object({ number: z.int(), count: z.int() }),
      reminder: z.object({ count: z.int() }),
    },
    workshop: keyed({
      contract: { idleMs: plan.idleMs },
      turn: { concurrency: 4, timeoutMs: 5_000, retries: { attempts: 3, minMs: 5, maxMs: 40 } },
      hire: () => ({ count: 0 }),
      work(worker, { number }, ship) {
        const turn = (): void => {
          const count = ++worker.state.count;
          ship("count", { number, count });
          ship("seen", { number, count });
          if (count === 3) worker.after(60, "remind");
          if (isPoison(plan, number)) throw new Error("poison");
          if (number % 11 === 3 && !failed.has(number)) {
            failed.add(number);
            throw new Error("try again");
          }
        };
        return plan.asynchronous ? sleep(clock, number % 40).then(turn) : turn();
      },
      onTimer: (worker, _name, ship) => ship("reminder", { count: worker.state.count }),
    }),
    source: generator(
      async function* ({ offset, signal }) {
        for (let number = Number(offset ?? 0); number < plan.items; number++) {
          offsets.set(signal, number + 1);
          yield { key: `key ${number % plan.keys}`, number };
          if (plan.paceMs > 0 && number % 8 === 0) await sleep(clock, plan.paceMs, signal).catch(() => {});
        }
      },
      { offset: () => [...offsets.values()].at(-1)! },
    ),
    sinks: { count: sqlite(), reminder: sqlite(), seen: witness },
  });
}

/** What an undisturbed run makes of each key. */
export function undisturbed(plan: Plan): Map<string, Count[]> {
  const counts = new Map<string, Count[]>();
  for (let number = 0; number < plan.items; number++) {
    if (isPoison(plan, number)) continue;
    const key = `key ${number % plan.keys}`;
    const list = counts.get(key) ?? [];
    list.push({ number, count: list.length + 1 });
    counts.set(key, list);
  }
  return counts;
}

/** A sink that isn't the store's: fails now and then, takes its time, and remembers what it took. */
export class Witness implements Sink {
  readonly name = "witness";
  readonly guarantee = "at-least-once";
  /** By key. */
  readonly seen: Map<string, Count[]> = new Map();
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  open() {
    return {
      write: async (delivery: Delivery) => {
        if (this.#random() < 0.1) await sleep(this.#clock, 200 * this.#random());
        if (this.#random() < 0.05) throw new Error("the witness looked away");
        delivery.keys.forEach((key, row) => {
          const list = this.seen.get(key) ?? [];
          list.push(delivery.products[row] as Count);
          this.seen.set(key, list);
        });
      },
      close() {},
    };
  }
}
