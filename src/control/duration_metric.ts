/**
 * Histograms that others have filled, for prom-client's registry, whose own only fill themselves.
 *
 * @module
 */

import type { Metric, MetricValueWithName } from "prom-client";
import { buckets, type HistogramSnapshot } from "../metrics/mod.ts";
import type { SeriesOf } from "./metric.ts";

/**
 * Upper bounds of the buckets, seconds: 1, 2.5, 5 and so on from ten microseconds, which is a short turn, to a
 * minute, which is a slow sink. The same for all, so that every dashboard may compare them.
 */
const BOUNDS: readonly number[] = [
  ...[1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1].flatMap((decade) => [1, 2.5, 5].map((step) => step * decade)),
  10,
  30,
  60,
].map((bound) => Number(bound.toPrecision(2)));

/** The histogram as a metric that may be registered. */
export function durationMetric(
  name: string,
  { help, samples }: SeriesOf<"histogram", HistogramSnapshot>,
): Metric<string> {
  const values = samples.flatMap(({ labels = {}, value }) => {
    const texts = Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, String(text)]));
    return valuesOf(name, { labels: texts, snapshot: value });
  });
  // All that a registry asks of a metric: to say its name, and what it holds.
  const metric = { name, get: () => Promise.resolve({ name, help, type: "histogram", values }) };
  return metric as unknown as Metric<string>;
}

function valuesOf(
  name: string,
  { labels, snapshot }: { labels: Readonly<Record<string, string>>; snapshot: HistogramSnapshot },
): MetricValueWithName<string>[] {
  const { count, sum } = snapshot;
  const below = buckets(snapshot, BOUNDS).map((value, index) => ({ le: String(BOUNDS[index]), value }));
  return [
    ...[...below, { le: "+Inf", value: count }].map(({ le, value }) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le },
      value,
    })),
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
