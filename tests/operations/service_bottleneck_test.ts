import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  findBottleneck,
  type Finding,
  type Surroundings,
  type Survey,
} from "../../src/operations/bottleneck.ts";
import type { ServiceReport } from "../../src/operations/mod.ts";
import { inspectionOf } from "../control/figures.ts";

function service(changes: Partial<ServiceReport> = {}): ServiceReport {
  return {
    name: "scales",
    callsPerSecond: 4,
    failuresPerSecond: 0,
    retriesPerSecond: 0,
    hedgesPerSecond: 0,
    backPressurePerSecond: 0,
    limit: 8,
    inFlight: 8,
    waiting: 120,
    rttMs: { p50: 2_100, p99: 3_000 },
    known: 1,
    states: { "closed": 1, "half-open": 0, "ejected": 0, "open": 0 },
    stranded: [],
    endpoints: [],
    ...changes,
  };
}

const DOWN = { "closed": 0, "half-open": 0, "ejected": 0, "open": 1 };

/** Two workshops that are hardly busy; the first calls these services. */
function found(
  services: ServiceReport[],
  { blocked = 0, inFlight = 0, busy = 0.1, ...changes }:
    & { blocked?: number; inFlight?: number; busy?: number }
    & Partial<Survey & Surroundings> = {},
): Finding {
  const report = inspectionOf(1);
  const warehouse = { ...report.warehouse, products: [] };
  const workshops = report.workshops.map((workshop) => ({ ...workshop, busy, inFlight }));
  const lines = report.lines.map((line, id) => ({ ...line, blocked: id === 0 ? blocked : 0 }));
  const servicesOf = (id: number) => id === 0 ? services : [];
  const around = { procurement: "ok", transport: "ok", conveyorsBlocked: 0, servicesOf, ...changes } as const;
  return findBottleneck({ ...report, warehouse, workshops, lines, services, ...changes }, around);
}

describe("findBottleneck() with services", () => {
  it("names a service for which more calls wait than are under way, also while lines flow", () => {
    assert.deepEqual(found([service()]), {
      bottleneck: "service scales",
      advice: "service scales answers in 2.1 s and takes 8 calls at a time, 120 wait: " +
        "give it more endpoints or make it faster",
    });
  });

  it("says that it asks for less", () => {
    const { advice } = found([service({ backPressurePerSecond: 1.4, rttMs: { p50: 0, p99: 0 } })]);
    assert.match(
      advice,
      /^service scales has not answered of late and takes 8 calls at a time, 120 wait, and /,
    );
    assert.match(advice, /and asked for less 2 times in the last second: /);
  });

  it("names the service with the most calls", () => {
    const { bottleneck } = found([service({ name: "data", waiting: 9 }), service()]);
    assert.equal(bottleneck, "service scales");
  });

  it("names a service that has no endpoint, or none that is well", () => {
    const stranded = { stranded: [0], inFlight: 1, waiting: 1, states: DOWN };
    assert.equal(
      found([service(stranded)]).advice,
      "workshop 0 can't call service scales and 1 call waits: its only endpoint is not well, " +
        "the factory goes on by itself when one is",
    );
    assert.match(
      found([service({ ...stranded, known: 3 })]).advice,
      /^workshop 0 can't call service scales and 1 call waits: none of its 3 endpoints is well, /,
    );
    assert.match(
      found([service({ ...stranded, known: 0, inFlight: 0, waiting: 2 })]).advice,
      /^service scales has no endpoint and 2 calls wait: start one, or see to the registry$/,
    );
  });

  it("lets a few calls wait, and services nobody calls be", () => {
    assert.equal(found([service({ waiting: 8 })]).bottleneck, "source");
    assert.equal(found([service({ waiting: 0, inFlight: 0, states: DOWN })]).bottleneck, "source");
    assert.match(found([service({ states: DOWN })]).advice, /^service scales answers in 2\.1 s /); // an old finding
  });

  it("says what turns wait for when their workshop is full of them", () => {
    const busy = found([service({ waiting: 0, inFlight: 250 })], { blocked: 0.8, inFlight: 256 });
    assert.deepEqual(busy, {
      bottleneck: "workshop 0",
      advice: "workshop 0 has 256 turns in flight and 250 calls to service scales, which answers in 2.1 s: " +
        "raise turn.concurrency or make the service faster",
    });
    const limited = found([service({ waiting: 100, inFlight: 150 })], { blocked: 0.8, inFlight: 256 });
    assert.equal(limited.bottleneck, "service scales");
    const other = found([service({ waiting: 0, inFlight: 2 })], { blocked: 0.8, inFlight: 256 });
    assert.match(
      other.advice,
      /^workshop 0 has 256 turns in flight: raise turn.concurrency or make the services/,
    );
  });

  it("blames a workshop that is busy itself, and whoever stands behind it", () => {
    assert.equal(found([service()], { blocked: 0.8, busy: 0.97 }).bottleneck, "workshop 0");
    assert.equal(found([service()], { conveyorsBlocked: 0.9 }).bottleneck, "transport");
  });
});
