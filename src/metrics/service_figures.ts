/**
 * What a workshop counts about the services that its workers call: plain data, totals since the start.
 *
 * @module
 */

import type { HistogramSnapshot } from "./histogram.ts";

/** One endpoint, as one workshop sees it. */
export interface EndpointFigures {
  /** Base URL. */
  url: string;
  /** State of its circuit, or `ejected` while it is left out for failing more than the others. */
  state: "closed" | "open" | "half-open" | "ejected";
  /** Attempts under way. */
  inFlight: number;
  /** Connections, those in use too. */
  connections: number;
  /** How long answers took lately; null if there were none. */
  latencyMs: number | null;
  /** Attempts that have ended. */
  calls: number;
  /** Of these, the ones that failed by the endpoint's fault. */
  failures: number;
}

/** What has been counted of the calls to one service. */
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

/** One service, as one workshop sees it. */
export interface ServiceFigures extends ServiceTotals {
  /** Attempts that may be in flight: the adaptive limit. */
  limit: number;
  /** Attempts in flight. */
  inFlight: number;
  /** Calls that wait for the limit, or for an endpoint. */
  waiting: number;
  /** Every endpoint that is known. */
  endpoints: EndpointFigures[];
}
