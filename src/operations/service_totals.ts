/**
 * What has been counted of services since the factory opened, over workshops that may be gone.
 *
 * @module
 */

import { mergeSnapshots, type ServiceTotals } from "../metrics/mod.ts";

/** `totals` and what a workshop has counted since its start. */
export function addServices(
  totals: readonly ServiceTotals[],
  figures: readonly ServiceTotals[],
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
