/**
 * What has been counted of services since the factory opened, over workshops that may be gone.
 *
 * @module
 */

import { type HistogramSnapshot, mergeSnapshots, type ServiceFigures } from "../metrics/mod.ts";

/** Calls to one service, all workshops together. */
export interface ServiceTotals {
  /** As the blueprint names it. */
  service: string;
  /** Calls that have ended. */
  calls: number;
  /** Of these, those that failed in the end. */
  failures: number;
  /** Attempts after a failure. */
  retries: number;
  /** Attempts beside a slow one. */
  hedges: number;
  /** Answers that asked for less: 429, 503, or none in time. */
  backPressure: number;
  /** Round trips of attempts that were answered, seconds. */
  rtt: HistogramSnapshot;
}

/** `totals` and what a workshop has counted since its start. */
export function addServices(
  totals: readonly ServiceTotals[],
  figures: readonly (ServiceTotals | ServiceFigures)[],
): ServiceTotals[] {
  const all = Map.groupBy([...totals, ...figures], ({ service }) => service);
  return [...all].map(([service, parts]) => {
    const sumOf = (name: "calls" | "failures" | "retries" | "hedges" | "backPressure") =>
      parts.reduce((total, part) => total + part[name], 0);
    return {
      service,
      calls: sumOf("calls"),
      failures: sumOf("failures"),
      retries: sumOf("retries"),
      hedges: sumOf("hedges"),
      backPressure: sumOf("backPressure"),
      rtt: mergeSnapshots(parts.map(({ rtt }) => rtt)),
    };
  });
}
