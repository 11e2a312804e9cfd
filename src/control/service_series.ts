/**
 * Metrics of the services that a blueprint names. For each there are 36 series, however many endpoints it
 * has: these are counted by state, and `GET /v1/inspections/latest` names them.
 *
 * @module
 */

import type { ServiceTotals } from "../metrics/mod.ts";
import type { Inspection, ServiceReport } from "../operations/mod.ts";
import { counter, gauge, histogram, type Sample, type Series } from "./metric.ts";

/** Counts since the factory opened; none if the blueprint names no services. */
export function seriesOfServiceCounts(services: readonly ServiceTotals[] = []): Series[] {
  if (services.length === 0) return [];
  const each = (value: (totals: ServiceTotals) => number): Sample[] =>
    services.map((totals) => ({ labels: { service: totals.service }, value: value(totals) }));
  return [
    counter(
      "service_calls_total",
      "Calls to the service that have ended.",
      services.flatMap(({ service, calls, failures }) => [
        { labels: { service, outcome: "ok" }, value: calls - failures },
        { labels: { service, outcome: "failed" }, value: failures },
      ]),
    ),
    counter("service_retries_total", "Attempts after a failure.", each(({ retries }) => retries)),
    counter("service_hedges_total", "Attempts beside a slow one.", each(({ hedges }) => hedges)),
    counter(
      "service_back_pressure_total",
      "Answers that asked for less: 429, 503, or none in time.",
      each(({ backPressure }) => backPressure),
    ),
    histogram(
      "service_rtt_seconds",
      "Round trips of attempts that were answered.",
      services.map(({ service, rtt }) => ({ labels: { service }, value: rtt })),
    ),
  ];
}

/** How it is with each service now; nothing if the blueprint names none. */
export function seriesOfServices(services: Inspection["services"] = []): Series[] {
  if (services.length === 0) return [];
  const each = (value: (report: ServiceReport) => number): Sample[] =>
    services.map((report) => ({ labels: { service: report.name }, value: value(report) }));
  return [
    gauge("service_in_flight", "Attempts in flight.", each(({ inFlight }) => inFlight)),
    gauge(
      "service_waiting",
      "Calls that wait for the limit, or for an endpoint.",
      each(({ waiting }) => waiting),
    ),
    gauge("service_limit", "Attempts that may be in flight: the adaptive limit.", each(({ limit }) => limit)),
    gauge(
      "service_endpoints",
      "Endpoints that are known, by the state of their circuits: closed is well.",
      services.flatMap(({ name, states }) =>
        Object.entries(states).map(([state, value]) => ({ labels: { service: name, state }, value }))
      ),
    ),
  ];
}
