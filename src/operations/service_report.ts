/**
 * Services, inspected: what the workers of all workshops call.
 *
 * @module
 */

import { INSPECTED_ENDPOINTS } from "../core/limits.ts";
import {
  type EndpointFigures,
  mergeSnapshots,
  type ServiceFigures,
  type WorkshopFigures,
} from "../metrics/mod.ts";
import { perSecond, quantilesMs, recent, type Span } from "./rates.ts";
import { sum } from "./totals.ts";

/** State of an endpoint's circuit, or `ejected` while it is left out for failing more than the others. */
export type EndpointState = "closed" | "half-open" | "ejected" | "open";

/** An endpoint of a service, as all workshops that know it see it together. */
export interface EndpointReport {
  /** Base URL. */
  url: string;
  /**
   * The worst that a workshop finds it in: `closed` is well, `half-open` is being tried again, `ejected` is left out
   * for failing more than the others, `open` takes no calls.
   */
  state: EndpointState;
  /** Attempts under way. */
  inFlight: number;
  /** Connections, those in use too. */
  connections: number;
  /** How long answers took lately, the mean of the workshops; null if there were none. */
  latencyMs: number | null;
  /** Attempts that ended over the last second. */
  callsPerSecond: number;
  /** Of these, the ones that failed by the endpoint's fault. */
  failuresPerSecond: number;
}

/** A service that the blueprint names, over all workshops. */
export interface ServiceReport {
  /** As the blueprint names it. */
  name: string;
  /** Calls that ended over the last second, those that failed too. */
  callsPerSecond: number;
  /** Of these, those that failed in the end. */
  failuresPerSecond: number;
  /** Attempts after a failure. */
  retriesPerSecond: number;
  /** Attempts beside a slow one. */
  hedgesPerSecond: number;
  /** Answers that asked for less: 429, 503, or none in time. */
  backPressurePerSecond: number;
  /** Attempts that may be in flight: the sum of the workshops' adaptive limits. */
  limit: number;
  /** Attempts in flight. */
  inFlight: number;
  /** Calls that wait for the limit, or for an endpoint. */
  waiting: number;
  /** Round trips of the attempts that were answered over the last second; 0 if none was. */
  rttMs: { p50: number; p99: number };
  /** How many endpoints are known, to whichever workshop. */
  known: number;
  /** How many of them are in which state. */
  states: Record<EndpointState, number>;
  /** Ids of the workshops that call it and find no endpoint well. */
  stranded: number[];
  /** Those in trouble first, then by URL; the first 32 of them. */
  endpoints: EndpointReport[];
}

type WorkshopSpan = Span<WorkshopFigures>;
type EndpointSpan = Span<EndpointFigures>;

/** One workshop's part of a service. */
interface Branch extends Span<ServiceFigures> {
  readonly workshop: number;
}

/** From well to worst. */
const STATES: readonly EndpointState[] = ["closed", "half-open", "ejected", "open"];

/** Works out the reports of all services; undefined if no workshop says anything of one. */
export function serviceReports(workshops: readonly WorkshopSpan[]): ServiceReport[] | undefined {
  const names = new Set(
    workshops.flatMap(({ later }) => (later.services ?? []).map(({ service }) => service)),
  );
  if (names.size === 0) return undefined;
  return [...names].map((name) =>
    serviceReport(name, workshops.flatMap((span) => branchOf(span, name) ?? []))
  );
}

function branchOf(span: WorkshopSpan, name: string): Branch | undefined {
  const service = ({ services }: WorkshopFigures) => services?.find((each) => each.service === name);
  const later = service(span.later);
  if (later === undefined) return undefined;
  return {
    workshop: span.later.id,
    earlier: service(span.earlier) ?? later,
    later,
    elapsedMs: span.elapsedMs,
  };
}

function serviceReport(name: string, branches: readonly Branch[]): ServiceReport {
  const rate = (total: (figures: ServiceFigures) => number) =>
    sum(branches.map((branch) => perSecond(branch, total)));
  const now = (figure: (figures: ServiceFigures) => number) =>
    sum(branches.map(({ later }) => figure(later)));
  const endpoints = endpointReports(branches);
  return {
    name,
    callsPerSecond: rate(({ calls }) => calls),
    failuresPerSecond: rate(({ failures }) => failures),
    retriesPerSecond: rate(({ retries }) => retries),
    hedgesPerSecond: rate(({ hedges }) => hedges),
    backPressurePerSecond: rate(({ backPressure }) => backPressure),
    limit: now(({ limit }) => limit),
    inFlight: now(({ inFlight }) => inFlight),
    waiting: now(({ waiting }) => waiting),
    rttMs: quantilesMs(mergeSnapshots(branches.map((branch) => recent(branch, ({ rtt }) => rtt)))),
    known: endpoints.length,
    states: statesOf(endpoints),
    stranded: branches.filter(isStranded).map(({ workshop }) => workshop),
    endpoints: endpoints.slice(0, INSPECTED_ENDPOINTS),
  };
}

/** A circuit stays as it was for as long as nobody calls, and says nothing then. */
function isStranded(branch: Branch): boolean {
  const { inFlight, waiting, endpoints } = branch.later;
  const calls = inFlight + waiting > 0 || perSecond(branch, ({ failures }) => failures) > 0;
  return calls && endpoints.every(({ state }) => state !== "closed");
}

function endpointReports(branches: readonly Branch[]): EndpointReport[] {
  const seen = branches.flatMap(({ earlier, later, elapsedMs }) => {
    const before = new Map(earlier.endpoints.map((endpoint) => [endpoint.url, endpoint]));
    return later.endpoints.map((endpoint): EndpointSpan => ({
      earlier: before.get(endpoint.url) ?? endpoint,
      later: endpoint,
      elapsedMs,
    }));
  });
  return [...Map.groupBy(seen, ({ later }) => later.url)].map(([url, spans]) => endpointReport(url, spans))
    .sort((a, b) => badness(b.state) - badness(a.state) || (a.url < b.url ? -1 : 1));
}

function endpointReport(url: string, spans: readonly EndpointSpan[]): EndpointReport {
  const now = (figure: (figures: EndpointFigures) => number) => sum(spans.map(({ later }) => figure(later)));
  const latencies = spans.map(({ later }) => later.latencyMs).filter((ms) => ms !== null);
  return {
    url,
    state: spans.map(({ later }) => later.state).reduce((a, b) => badness(a) >= badness(b) ? a : b),
    inFlight: now(({ inFlight }) => inFlight),
    connections: now(({ connections }) => connections),
    latencyMs: latencies.length === 0 ? null : sum(latencies) / latencies.length,
    callsPerSecond: sum(spans.map((span) => perSecond(span, ({ calls }) => calls))),
    failuresPerSecond: sum(spans.map((span) => perSecond(span, ({ failures }) => failures))),
  };
}

function statesOf(endpoints: readonly EndpointReport[]): ServiceReport["states"] {
  const states = { "closed": 0, "half-open": 0, "ejected": 0, "open": 0 };
  for (const { state } of endpoints) states[state]++;
  return states;
}

function badness(state: EndpointState): number {
  return STATES.indexOf(state);
}
