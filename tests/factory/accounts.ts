import { z } from "zod";
import { type Blueprint, defineBlueprint, keyed, type TurnOptions } from "../../src/blueprint/mod.ts";
import { sleep } from "../../src/core/mod.ts";
import { callback, type Sink } from "../../src/sinks/mod.ts";
import type { Source } from "../../src/sources/mod.ts";
import type { VirtualClock } from "../../src/testing/mod.ts";

/** An entry in somebody's account. */
export interface Entry {
  account: string;
  amount: number;
  note?: string;
}

/** An account after an entry. */
export interface Balance {
  account: string;
  balance: number;
  entries: number;
}

/** How {@link accounts} behaves. */
export interface AccountsOptions {
  readonly clock: VirtualClock;
  readonly source?: Source;
  readonly sink: Sink;
  readonly turn?: TurnOptions;
  /** How long the turn of an entry takes; a turn of no time at all is synchronous. */
  readonly workMs?: (entry: Entry) => number;
  /** Whether this attempt at an entry fails, half-way through. */
  readonly fails?: (entry: Entry) => boolean;
  /** Makes balances larger. */
  readonly padding?: string;
}

/** Keeps accounts: a balance for every entry, and a warning for each that leaves it below zero. */
export function accounts(
  { clock, source, sink, turn, workMs = () => 0, fails = () => false, padding }: AccountsOptions,
): Blueprint {
  return defineBlueprint({
    name: "accounts",
    material: z.object({ account: z.string(), amount: z.number(), note: z.string().optional() }),
    key: ({ account }) => account,
    products: {
      balance: z.object({
        account: z.string(),
        balance: z.number(),
        entries: z.int(),
        padding: z.string().optional(),
      }),
      overdrawn: z.object({ account: z.string(), balance: z.number() }),
    },
    workshop: keyed({
      turn,
      hire: () => ({ balance: 0, entries: 0 }),
      work(worker, entry, ship) {
        const book = () => {
          const { state, key: account } = worker;
          state.balance += entry.amount;
          state.entries++;
          ship("balance", { account, ...state, padding });
          if (fails(entry)) throw new Error(`no entry ${entry.amount}`);
          if (state.balance < 0) ship("overdrawn", { account, balance: state.balance });
        };
        const ms = workMs(entry);
        return ms === 0 ? book() : sleep(clock, ms).then(book);
      },
    }),
    source,
    sinks: sink,
  });
}

/** What a plain loop makes of entries. */
export function plainly(
  entries: Iterable<Entry>,
): { balances: Map<string, Balance[]>; overdrawn: Map<string, number[]> } {
  const balances = new Map<string, Balance[]>();
  const overdrawn = new Map<string, number[]>();
  for (const { account, amount } of entries) {
    const before = balances.get(account)?.at(-1) ?? { balance: 0, entries: 0 };
    const balance = before.balance + amount;
    added(balances, account, { account, balance, entries: before.entries + 1 });
    if (balance < 0) added(overdrawn, account, balance);
  }
  return { balances, overdrawn };
}

/** A sink that keeps what it gets by account, and takes its time. */
export class Books {
  readonly balances: Map<string, Balance[]> = new Map();
  readonly overdrawn: Map<string, number[]> = new Map();
  /** Balances in all. */
  count = 0;
  readonly sink: Sink;

  constructor(clock: VirtualClock, writeMs: (count: number) => number = () => 0) {
    this.sink = callback(async (type, products) => {
      const ms = writeMs(products.length);
      if (ms > 0) await sleep(clock, ms);
      for (const product of products as (Balance & { padding?: string })[]) {
        const { padding: _padding, ...rest } = product;
        if (type === "overdrawn") added(this.overdrawn, product.account, product.balance);
        else added(this.balances, product.account, rest);
      }
      if (type === "balance") this.count += products.length;
    });
  }
}

function added<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
