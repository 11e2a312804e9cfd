// @ts-check
/** The services that workers call, with their endpoints. There is nothing to see of it unless the blueprint names some. */

/** @import { EndpointReport, Inspection, ServiceReport } from "../../../operations/mod.ts" */

import { byId, keep, make, setCells, setText } from "./elements.js";
import { count, duration, rate, several } from "./format.js";

/** @type {Record<EndpointReport["state"], string>} */
const STATE = { "closed": "up", "half-open": "on trial", "ejected": "left out", "open": "down" };

/** @typedef {{ key: string, show: (row: HTMLElement) => void }} Row */

/** @param {Inspection} inspection */
export function showServices({ services = [], bottleneck }) {
  byId("services").hidden = services.length === 0;
  byId("services-link").hidden = services.length === 0;
  const waiting = services.reduce((total, service) => total + service.waiting, 0);
  setText(byId("services-count"), waiting === 0 ? "No call waits" : several(waiting, "call") + " waiting");
  keep(byId("service-rows"), services.flatMap((service) => rowsOf(service, bottleneck)), {
    key: ({ key }) => key,
    make: () => make("tr"),
    update: (row, { show }) => show(row),
  });
}

/**
 * A row for the service, and one for each of its endpoints.
 *
 * @param {ServiceReport} service
 * @param {string | null} bottleneck
 * @returns {Row[]}
 */
function rowsOf(service, bottleneck) {
  const { name, known, endpoints } = service;
  const more = known - endpoints.length;
  /** @type {Row[]} */
  const rest = more > 0
    ? [{ key: name + " more", show: (row) => setCells(row, ["and " + count(more) + " more"]) }]
    : [];
  return [
    {
      key: name,
      show(row) {
        row.className = bottleneck === "service " + name ? "service bottleneck" : "service";
        showService(row, service);
      },
    },
    ...endpoints.map((endpoint) => ({
      key: name + " at " + endpoint.url,
      show: (/** @type {HTMLElement} */ row) => showEndpoint(row, endpoint),
    })),
    ...rest,
  ];
}

/**
 * @param {HTMLElement} row
 * @param {ServiceReport} service
 */
function showService(row, service) {
  const { known, states, limit, inFlight, rttMs } = service;
  row.dataset.state = states.closed === 0 ? "open" : states.closed < known ? "half-open" : "closed";
  const answers = rttMs.p50 > 0;
  setCells(row, [
    service.name,
    known === 0 ? "no endpoint" : states.closed + " of " + known + " up",
    count(service.waiting),
    count(inFlight) + " of " + count(limit),
    rate(service.callsPerSecond),
    rate(service.failuresPerSecond),
    rate(service.retriesPerSecond),
    answers ? duration(rttMs.p50) : "–",
    answers ? duration(rttMs.p99) : "–",
  ]);
}

/**
 * @param {HTMLElement} row
 * @param {EndpointReport} endpoint
 */
function showEndpoint(row, endpoint) {
  const { url, state, latencyMs, inFlight } = endpoint;
  row.className = "endpoint";
  row.dataset.state = state;
  setCells(row, [
    url,
    STATE[state],
    "",
    count(inFlight),
    rate(endpoint.callsPerSecond),
    rate(endpoint.failuresPerSecond),
    "",
    latencyMs === null ? "–" : duration(latencyMs),
    "",
  ]);
}
