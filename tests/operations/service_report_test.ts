import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { INSPECTED_ENDPOINTS } from "../../src/core/limits.ts";
import { Histogram, type ServiceFigures, type WorkshopFigures } from "../../src/metrics/mod.ts";
import type { Span } from "../../src/operations/rates.ts";
import { serviceReports } from "../../src/operations/service_report.ts";
import { workshop } from "./figures.ts";
import { endpoint, service } from "./services.ts";

const A = "http://a:1";
const B = "http://b:1";

/** Two seconds of a workshop, from the beginning. */
function span(id: number, later: ServiceFigures[], earlier: ServiceFigures[] = []): Span<WorkshopFigures> {
  return {
    earlier: workshop(id, { services: earlier }),
    later: workshop(id, { services: later }),
    elapsedMs: 2_000,
  };
}

function rtt(seconds: number): Histogram {
  const histogram = new Histogram();
  histogram.record(seconds, 10);
  return histogram;
}

describe("serviceReports()", () => {
  it("says nothing of a blueprint without services, or before a workshop has answered", () => {
    assert.equal(serviceReports([]), undefined);
    assert.equal(serviceReports([span(0, [])]), undefined);
    const silent = { earlier: workshop(0), later: workshop(0), elapsedMs: 1_000 };
    assert.equal(serviceReports([silent]), undefined);
  });

  it("sums up over workshops, with rates over the span", () => {
    const before = service("scales");
    const [report] = serviceReports([
      span(0, [
        service("scales", {
          limit: 8,
          inFlight: 3,
          waiting: 5,
          calls: 100,
          failures: 10,
          retries: 6,
          hedges: 2,
          backPressure: 4,
          rtt: rtt(0.1).snapshot(),
        }),
      ], [before]),
      span(1, [service("scales", { limit: 16, inFlight: 1, calls: 20 })], [before]),
    ])!;
    const { rttMs, endpoints, ...rest } = report;
    assert.deepEqual(rest, {
      name: "scales",
      callsPerSecond: 60,
      failuresPerSecond: 5,
      retriesPerSecond: 3,
      hedgesPerSecond: 1,
      backPressurePerSecond: 2,
      limit: 24,
      inFlight: 4,
      waiting: 5,
      known: 0,
      states: { "closed": 0, "half-open": 0, "ejected": 0, "open": 0 },
      stranded: [0, 1],
    });
    assert.deepEqual(endpoints, []);
    assert.ok(rttMs.p50 > 90 && rttMs.p99 < 110);
  });

  it("has an endpoint once, in the worst state that a workshop finds it in", () => {
    const [{ endpoints, states, known }] = serviceReports([
      span(0, [
        service("scales", {
          endpoints: [
            endpoint(A, { calls: 40, inFlight: 2, connections: 3, latencyMs: 10 }),
            endpoint(B, { calls: 10, failures: 6, state: "open" }),
          ],
        }),
      ], [service("scales", { endpoints: [endpoint(A), endpoint(B)] })]),
      span(1, [
        service("scales", {
          endpoints: [endpoint(B, { calls: 30 }), endpoint(A, { calls: 20, latencyMs: 20, inFlight: 1 })],
        }),
      ], [service("scales", { endpoints: [endpoint(A), endpoint(B)] })]),
    ])!;
    assert.equal(known, 2);
    assert.deepEqual(states, { "closed": 1, "half-open": 0, "ejected": 0, "open": 1 });
    assert.deepEqual(endpoints, [
      {
        url: B,
        state: "open",
        inFlight: 0,
        connections: 0,
        latencyMs: null,
        callsPerSecond: 20,
        failuresPerSecond: 3,
      },
      {
        url: A,
        state: "closed",
        inFlight: 3,
        connections: 3,
        latencyMs: 15,
        callsPerSecond: 30,
        failuresPerSecond: 0,
      },
    ]);
  });

  it("has no rates of a workshop that was only just seen, or doesn't answer", () => {
    const now = service("scales", { calls: 100, waiting: 7, endpoints: [endpoint(A, { calls: 100 })] });
    const [report] = serviceReports([span(0, [now], []), {
      ...span(1, [now], [service("scales")]),
      elapsedMs: 0,
    }])!;
    assert.deepEqual([report.callsPerSecond, report.endpoints[0].callsPerSecond], [0, 0]);
    assert.equal(report.waiting, 14);
  });

  it("names the workshops that call and find no endpoint well, not those that call nothing", () => {
    const down = [endpoint(A, { state: "open" }), endpoint(B, { state: "ejected" })];
    const [{ stranded }] = serviceReports([
      span(0, [service("scales", { waiting: 1, endpoints: down })]),
      span(1, [service("scales", { endpoints: down })]),
      span(2, [service("scales", { waiting: 9, endpoints: [...down, endpoint("http://c:1")] })]),
      span(3, [service("scales", { failures: 1, endpoints: down })], [service("scales")]),
    ])!;
    assert.deepEqual(stranded, [0, 3]);
  });

  it("counts every endpoint and has the first ones, those in trouble before the others", () => {
    const many = Array.from(
      { length: INSPECTED_ENDPOINTS + 10 },
      (_, i) =>
        endpoint(`http://s${String(i).padStart(3, "0")}`, { state: i === 40 ? "half-open" : "closed" }),
    );
    const [{ known, states, endpoints }] = serviceReports([
      span(0, [service("scales", { endpoints: many })]),
    ])!;
    assert.deepEqual([known, states.closed, endpoints.length], [42, 41, INSPECTED_ENDPOINTS]);
    assert.deepEqual(endpoints.slice(0, 2).map(({ url }) => url), ["http://s040", "http://s000"]);
  });
});
