import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { type Factory, type Inspection, openFactory } from "../../mod.ts";
import { type ControlServer, openControl } from "../../src/control/mod.ts";
import { promtool } from "./promtool.ts";

const PLACE = new URL("../../.github/observability/", import.meta.url);

const ANSWER_MS = 20;

const scales = createServer((_, response) => {
  setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end("{}"), ANSWER_MS);
});

let factory: Factory;
let control: ControlServer;

before(async () => {
  await new Promise<void>((listening) => scales.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(scales.address() as AddressInfo).port}`;
  const options = { workshops: 2, settings: { url } };
  factory = await openFactory(new URL("./blueprints/calling.ts", import.meta.url), options);
  control = await openControl(factory, { port: 0 });
});

after(async () => {
  scales.closeAllConnections();
  scales.close();
  await control?.close();
  await factory?.close();
});

/** The first report in which all is as `wanted`. */
async function when(wanted: (inspection: Inspection) => boolean): Promise<Inspection> {
  const deadline = Date.now() + 45_000;
  for (;;) {
    const inspection = factory.latestInspection();
    if (inspection && wanted(inspection)) return inspection;
    assert.ok(
      Date.now() < deadline,
      `never so: ${JSON.stringify([inspection?.advice, inspection?.services])}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function metrics(): Promise<Map<string, number>> {
  const text = await (await fetch(`${control.url}/metrics`)).text();
  assert.equal(promtool(["metrics"], text), "");
  const samples = text.split("\n").filter((line) => line.startsWith("shopfloor_"));
  return new Map(samples.map((line) => {
    const end = line.lastIndexOf(" ");
    return [line.slice("shopfloor_".length, end), Number(line.slice(end + 1))];
  }));
}

describe("a factory whose turns wait for a service", () => {
  it("names the service, and shows its endpoint", async () => {
    const { services, advice } = await when(({ bottleneck, services }) =>
      bottleneck === "service scales" &&
      services!.every(({ rttMs, callsPerSecond, states }) =>
        rttMs.p50 > 0 && callsPerSecond > 0 && states.closed === 1
      )
    );
    const [report] = services!;
    assert.match(
      advice,
      /^service scales answers in \d.* and takes [1-8] calls? at a time, \d+ wait.*: give it /,
    );
    assert.ok(report.rttMs.p99 >= ANSWER_MS * 0.9 && report.limit <= 8 && report.waiting > report.inFlight);
    assert.equal(report.endpoints.length, 1);
    assert.ok(report.endpoints[0].latencyMs! > 0 && report.endpoints[0].connections > 0);
  });

  it("has metrics of it that satisfy promtool, and every one that the Grafana dashboard asks for", async () => {
    await when(({ totals }) => totals.products > 0);
    const scrape = await metrics();
    for (
      const name of [
        'service_calls_total{service="scales",outcome="ok"}',
        'service_limit{service="scales"}',
        'service_endpoints{service="scales",state="closed"}',
        'service_rtt_seconds_count{service="scales"}',
      ]
    ) assert.ok(scrape.get(name)! > 0, name);
    const names = new Set([...scrape.keys()].map((key) => key.split("{")[0]));
    for (const file of ["dashboard.json", "alerts.yml"]) {
      const asked = readFileSync(new URL(file, PLACE), "utf8").matchAll(/shopfloor_(service_[a-z_]+)/g);
      const found = [...asked].map(([, name]) => name);
      assert.ok(found.length > 0, file);
      assert.deepEqual(found.filter((name) => !names.has(name)), [], file);
    }
  });

  it("raises an alarm when the service is gone", async () => {
    scales.closeAllConnections();
    scales.close();
    const { alarms } = await when(({ alarms }) => alarms.some(({ kind }) => kind === "service-down"));
    const { subject, message } = alarms.find(({ kind }) => kind === "service-down")!;
    assert.equal(subject, "service scales");
    assert.match(message, /^service scales can't be called by workshops? [01]/);
    const scrape = await metrics();
    assert.equal(scrape.get('alarms{kind="service-down"}'), 1);
    assert.equal(scrape.get('service_endpoints{service="scales",state="closed"}'), 0);
  });
});
