/**
 * Moments: what is kept of every inspection for charts, and how an hour of them becomes as many points as a chart
 * has room for.
 *
 * @module
 */

import type { Inspection } from "./inspection.ts";

/** The factory over a stretch of time, a second or longer. */
export interface Moment {
  /** Its end, ms since 1970. */
  at: number;
  /** Materials processed per second, all workshops: the mean. */
  itemsPerSecond: number;
  /** Products shipped per second, all workshops: the mean. */
  productsPerSecond: number;
  /** From bought to shipped: the mean of the medians, and the worst 99th percentile; 0 if nothing was shipped. */
  latencyMs: { p50: number; p99: number };
  /** Live workers at its end. */
  workers: number;
  /** Most resident memory of the process. */
  memoryBytes: number;
  /** How long the epochs that were committed took, in the mean; null if none was. */
  epochMs: number | null;
}

/** Which moments: the last `seconds`, in at most `points` stretches of the same length. */
export interface MomentQuery {
  readonly seconds: number;
  readonly points: number;
}

/** What a moment keeps of an inspection. */
export function momentOf(inspection: Inspection, epochMs: number | null): Moment {
  const { at, itemsPerSecond, productsPerSecond, latencyMs, workers, memoryBytes } = inspection;
  return { at, itemsPerSecond, productsPerSecond, latencyMs, workers, memoryBytes, epochMs };
}

/**
 * Moments of seconds, in their order, as fewer and longer ones. Stretches begin at whole multiples of their length,
 * so that asking again a second later changes the last point and no other. Stretches without a moment are left out.
 */
export function condense(moments: readonly Moment[], { seconds, points }: MomentQuery): Moment[] {
  const latest = moments.at(-1)?.at ?? 0;
  const stretchMs = Math.max(1_000, Math.ceil(seconds / points) * 1_000);
  const since = latest - seconds * 1_000;
  const stretches = Map.groupBy(
    moments.filter(({ at }) => at > since),
    ({ at }) => stretchMs === 1_000 ? at : Math.floor(at / stretchMs), // seconds stand for themselves
  );
  return [...stretches.values()].map(merge).slice(-points);
}

function merge(moments: readonly Moment[]): Moment {
  if (moments.length === 1) return moments[0];
  const { at, workers } = moments[moments.length - 1];
  const shipping = moments.map(({ latencyMs }) => latencyMs).filter(({ p99 }) => p99 > 0);
  const epochs = moments.map(({ epochMs }) => epochMs).filter((ms) => ms !== null);
  return {
    at,
    itemsPerSecond: mean(moments.map(({ itemsPerSecond }) => itemsPerSecond)),
    productsPerSecond: mean(moments.map(({ productsPerSecond }) => productsPerSecond)),
    latencyMs: {
      p50: mean(shipping.map(({ p50 }) => p50)),
      p99: Math.max(0, ...shipping.map(({ p99 }) => p99)),
    },
    workers,
    memoryBytes: Math.max(...moments.map(({ memoryBytes }) => memoryBytes)),
    epochMs: epochs.length === 0 ? null : mean(epochs),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((total, value) => total + value, 0) / values.length;
}
