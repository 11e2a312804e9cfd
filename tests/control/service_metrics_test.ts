import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Histogram } from "../../src/metrics/mod.ts";
import { inspection as schema } from "../../src/control/schemas/inspection_schemas.ts";
import { createControl } from "../../src/control/mod.ts";
import type { Series } from "../../src/control/metric.ts";
import { seriesOfServiceCounts, seriesOfServices } from "../../src/control/service_series.ts";
import { FakeFactory } from "./fake_factory.ts";
import { accountsOf, inspectionOf, servicesOf } from "./figures.ts";

const services = servicesOf(1);

const rtt = new Histogram();
rtt.record(0.1, 9);

const counted = {
  service: 'odd "one"',
  calls: 10,
  failures: 3,
  retries: 4,
  hedges: 5,
  backPressure: 6,
  rtt: rtt.snapshot(),
};

/** A factory that says something of its services. */
class CallingFactory extends FakeFactory {
  override latestInspection(): ReturnType<FakeFactory["latestInspection"]> {
    return { ...inspectionOf(1), services };
  }

  override accounts(): ReturnType<FakeFactory["accounts"]> {
    return Promise.resolve({ ...accountsOf(1), services: [counted] });
  }
}

function values(all: readonly Series[], name: string): unknown[] {
  return all.find((each) => each.name === name)!.samples.map(({ labels, value }) => [
    ...Object.values(labels!),
    value,
  ]);
}

describe("services in metrics and inspections", () => {
  it("are counted by outcome, and timed", () => {
    const series = seriesOfServiceCounts([counted]);
    assert.deepEqual(values(series, "service_calls_total"), [
      [counted.service, "ok", 7],
      [counted.service, "failed", 3],
    ]);
    for (
      const [name, value] of [
        ["service_retries_total", 4],
        ["service_hedges_total", 5],
        ["service_back_pressure_total", 6],
        ["service_rtt_seconds", counted.rtt],
      ] as const
    ) assert.deepEqual(values(series, name), [[counted.service, value]], name);
  });

  it("show their load, and how many endpoints are in which state, without a URL", () => {
    const series = seriesOfServices(services);
    assert.deepEqual(values(series, "service_waiting"), [["data", 0], ["compute-robot", 120]]);
    assert.deepEqual(values(series, "service_in_flight"), [["data", 12], ["compute-robot", 8]]);
    assert.deepEqual(values(series, "service_limit"), [["data", 64], ["compute-robot", 8]]);
    assert.deepEqual(values(series, "service_endpoints").slice(4), [
      ["compute-robot", "closed", 1],
      ["compute-robot", "half-open", 0],
      ["compute-robot", "ejected", 1],
      ["compute-robot", "open", 1],
    ]);
    assert.doesNotMatch(JSON.stringify(series), /10\.0\.0\.7/);
  });

  it("are as many series as the bound says, however many endpoints there are", async () => {
    const control = createControl(new CallingFactory());
    const response = await control.fetch(new Request("http://localhost/metrics"));
    const lines = (await response.text()).split("\n");
    const of = (name: string) =>
      lines.filter((line) => line.startsWith("shopfloor_service_") && line.includes(`service="${name}"`));
    assert.equal(of('odd \\"one\\"').length + of("data").length, 36);
  });

  it("are missing where the blueprint names none", () => {
    assert.deepEqual([seriesOfServiceCounts(), seriesOfServices()], [[], []]);
    assert.equal("services" in schema.parse(inspectionOf(1)), false);
  });

  it("are what the schema of an inspection says", () => {
    assert.deepEqual(schema.parse({ ...inspectionOf(1), services }).services, services);
  });
});
