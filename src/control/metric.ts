/**
 * A metric as it is before it becomes Prometheus text.
 *
 * @module
 */

import type { HistogramSnapshot } from "../metrics/mod.ts";

/** A metric with all its values of one moment. */
export type Series = SeriesOf<"counter" | "gauge", number> | SeriesOf<"histogram", HistogramSnapshot>;

/** A series of one type, with what its values are. */
export interface SeriesOf<Type extends string, Value> {
  readonly type: Type;
  /** Without the prefix that all of Shopfloor's metrics have. */
  readonly name: string;
  /** Not to be prefixed. */
  readonly bare?: boolean;
  readonly help: string;
  readonly samples: readonly Sample<Value>[];
}

/** One value. All samples of a series have labels of the same names, or none. */
export interface Sample<Value = number> {
  readonly value: Value;
  readonly labels?: Readonly<Record<string, string | number>>;
}

/** A series that only grows. */
export function counter(name: string, help: string, samples: readonly Sample[]): Series {
  return { type: "counter", name, help, samples };
}

/** A series that goes up and down. */
export function gauge(name: string, help: string, samples: readonly Sample[]): Series {
  return { type: "gauge", name, help, samples };
}

/** A series of histograms of seconds. */
export function histogram(name: string, help: string, samples: readonly Sample<HistogramSnapshot>[]): Series {
  return { type: "histogram", name, help, samples };
}
