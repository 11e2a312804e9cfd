/**
 * Totals to rates: what became of a department's figures between two looks at them.
 *
 * @module
 */

import { emptySnapshot, type HistogramSnapshot, quantile, subtractSnapshots } from "../metrics/mod.ts";

/**
 * The same figures twice. Where there is nothing to compare (`elapsedMs` 0, or no span at all), every function here
 * gives 0.
 */
export interface Span<F> {
  readonly earlier: F;
  readonly later: F;
  readonly elapsedMs: number;
}

/** A part of the figures; a part that wasn't there earlier has not changed. */
export function part<F, P>({ earlier, later, elapsedMs }: Span<F>, pick: (figures: F) => P): Span<P> {
  return { earlier: pick(earlier) ?? pick(later), later: pick(later), elapsedMs };
}

/** How fast a total grows, per second. A total that has become smaller has begun anew. */
export function perSecond<F>(span: Span<F> | undefined, total: (figures: F) => number): number {
  if (span === undefined || span.elapsedMs <= 0) return 0;
  const grown = total(span.later) - total(span.earlier);
  return (grown < 0 ? total(span.later) : grown) * 1_000 / span.elapsedMs;
}

/** The share of the time, 0 to 1, by which a total of milliseconds has grown. */
export function share<F>(span: Span<F> | undefined, totalMs: (figures: F) => number): number {
  return Math.min(1, perSecond(span, totalMs) / 1_000);
}

/** What a histogram has recorded in the span. */
export function recent<F>(
  span: Span<F> | undefined,
  histogram: (figures: F) => HistogramSnapshot,
): HistogramSnapshot {
  if (span === undefined || span.elapsedMs <= 0) return emptySnapshot();
  return subtractSnapshots(histogram(span.later), histogram(span.earlier));
}

/** The median and the 99th percentile of a histogram of seconds, in milliseconds. */
export function quantilesMs(snapshot: HistogramSnapshot): { p50: number; p99: number } {
  return { p50: quantile(snapshot, 0.5) * 1_000, p99: quantile(snapshot, 0.99) * 1_000 };
}
