import { SinkError, sleep, systemClock } from "../../src/core/mod.ts";
import type { Delivery, Sink, SinkContext } from "../../src/sinks/mod.ts";
import type { Product } from "./yard.ts";

/** What a call of the bank does. */
export type BankCall = "works" | "fails" | "fails late" | "fails half-way" | "hangs";

/** A database that outlives the factory: it takes an epoch whole or not at all, and remembers the last. */
export class Bank {
  /** The last epoch that it has. */
  last = 0;
  readonly #rows: { type: string; value: number }[] = [];
  #plan: BankCall[] = [];
  /** Called before an epoch is taken; may throw. */
  before: () => void = () => {};

  /** What the next calls do; those after them work. */
  plan(calls: readonly BankCall[]): void {
    this.#plan = [...calls];
  }

  refuse(what: string): never {
    throw new SinkError(what, { fields: { final: true } });
  }

  values(type: string): number[] {
    return this.#rows.filter((row) => row.type === type).map(({ value }) => value);
  }

  sink(): Sink {
    return {
      name: "bank",
      guarantee: "exactly-once",
      open: ({ clock = systemClock }: SinkContext) => ({
        write: (delivery) => this.#add([delivery]),
        lastEpoch: () => this.last,
        deliver: async (epoch, deliveries, call) => {
          this.before();
          const does = this.#plan.shift() ?? "works";
          if (does === "fails") throw new Error("no route to host");
          if (does === "hangs") await sleep(clock, 1e9, call!.signal);
          const all: Delivery[] = [];
          for (const delivery of deliveries) {
            await sleep(clock, 1);
            all.push(delivery);
            if (does === "fails half-way") throw new Error("connection lost");
          }
          call!.signal.throwIfAborted();
          if (epoch > this.last) {
            this.#add(all);
            this.last = epoch;
          }
          if (does === "fails late") throw new Error("connection lost during the commit");
        },
        close() {},
      }),
    };
  }

  #add(deliveries: readonly Delivery[]): void {
    for (const { type, products } of deliveries) {
      for (const { value } of products as Product[]) this.#rows.push({ type, value });
    }
  }
}
