/**
 * Orders for `blueprints/counter.ts`, and what a plain loop makes of them.
 *
 * @module
 */

/** One order. */
export interface Order {
  readonly user: string;
  readonly amount: number;
}

/** What the blueprint ships for each order. */
export interface Total {
  readonly user: string;
  readonly orders: number;
  readonly sum: number;
}

/** Orders, the same every time. */
export function makeOrders(count: number, users: number): Order[] {
  let state = 7;
  const next = (bound: number) => (state = (state * 48_271) % 0x7fffffff) % bound;
  return Array.from({ length: count }, () => ({ user: `user ${next(users)}`, amount: next(10_000) / 100 }));
}

/** The totals of each user, in the order in which they must be shipped. */
export function totalsByUser(orders: readonly Order[]): Map<string, Total[]> {
  const totals = new Map<string, Total[]>();
  for (const { user, amount } of orders) {
    const own = totals.get(user) ?? [];
    const last = own.at(-1) ?? { orders: 0, sum: 0 };
    own.push({ user, orders: last.orders + 1, sum: last.sum + amount });
    totals.set(user, own);
  }
  return totals;
}

/** Products as they were written, sorted out by user. */
export function groupByUser(text: string): Map<string, Total[]> {
  const totals = new Map<string, Total[]>();
  for (const line of text.trimEnd().split("\n")) {
    const total: Total = JSON.parse(line);
    totals.set(total.user, [...totals.get(total.user) ?? [], total]);
  }
  return totals;
}

/** As newline-delimited JSON. */
export function ndjsonOf(items: readonly unknown[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join("");
}

/** A map's entries in the order of their keys, to compare. */
export function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => a < b ? -1 : 1);
}
