import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type Factory, openFactory } from "../../mod.ts";
import { type ControlServer, openControl } from "../../src/control/mod.ts";
import { promtool } from "./promtool.ts";

const PLACE = new URL("../../.github/observability/", import.meta.url);

/** `name{labels}` to value. */
type Scrape = ReadonlyMap<string, number>;

let factory: Factory;
let control: ControlServer;
let text: string;
let scrape: Scrape;

async function metrics(): Promise<string> {
  const response = await fetch(`${control.url}/metrics`);
  assert.equal(response.status, 200);
  return await response.text();
}

function parsed(text: string): Scrape {
  const samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(samples.map((line) => {
    const end = line.lastIndexOf(" ");
    return [line.slice(0, end), Number(line.slice(end + 1))];
  }));
}

/** Scrapes until everything that the blueprint does has come to pass. */
async function whenAllHasHappened(): Promise<void> {
  const deadline = Date.now() + 45_000;
  for (;;) {
    text = await metrics();
    scrape = parsed(text);
    const happened = [
      'shopfloor_dead_letters_total{reason="error"}',
      "shopfloor_turn_retries_total",
      "shopfloor_materials_rejected_total",
      'shopfloor_dismissals_total{reason="idle"}',
      'shopfloor_delivery_errors_total{product="even"}',
      'shopfloor_products_total{product="odd"}',
      "shopfloor_epoch_committed",
      "shopfloor_epoch_duration_seconds_count",
      'shopfloor_alarms{kind="hot-key"}',
    ];
    const missing = happened.filter((name) => !(scrape.get(name)! > 0));
    if (missing.length === 0) return;
    assert.ok(Date.now() < deadline, `never happened: ${missing.join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

before(async () => {
  const settings = { workshops: 2, epochMs: 100, ratePerSecond: 40_000 };
  factory = await openFactory(new URL("./blueprints/busy.ts", import.meta.url), settings);
  control = await openControl(factory, { port: 0 });
  // Dismissals: the keys that come but once in a while.
  await factory.push(Array.from({ length: 200 }, (_, i) => ({ key: `rare ${i}`, number: 2 * i })));
  await whenAllHasHappened();
});

after(async () => {
  await control?.close();
  await factory?.close();
});

/** Name of every metric, its type, and the one label that it has. */
const METRICS: readonly (readonly [name: string, type: string, label?: string])[] = [
  ["materials_total", "counter"],
  ["products_total", "counter", "product"],
  ["materials_rejected_total", "counter"],
  ["dead_letters_total", "counter", "reason"],
  ["turn_retries_total", "counter"],
  ["workers", "gauge", "workshop"],
  ["hires_total", "counter"],
  ["dismissals_total", "counter", "reason"],
  ["line_batches", "gauge", "workshop"],
  ["line_items", "gauge", "workshop"],
  ["line_oldest_seconds", "gauge", "workshop"],
  ["line_back_pressure_ratio", "gauge", "workshop"],
  ["workshop_busy_ratio", "gauge", "workshop"],
  ["turn_duration_seconds", "histogram", "workshop"],
  ["material_latency_seconds", "histogram", "workshop"],
  ["warehouse_items", "gauge", "product"],
  ["delivery_duration_seconds", "histogram"],
  ["delivery_errors_total", "counter", "product"],
  ["epoch_duration_seconds", "histogram"],
  ["epoch_committed", "gauge"],
  ["restarts_total", "counter", "department"],
  ["alarms", "gauge", "kind"],
  ["http_requests_total", "counter", "method"],
  ["process_resident_memory_bytes", "gauge"],
];

describe("GET /metrics of a factory under load", () => {
  for (const [name, type, label] of METRICS) {
    it(`has the ${type} ${name}${label ? ` by ${label}` : ""}`, () => {
      assert.ok(text.includes(`# TYPE shopfloor_${name} ${type}\n`), `${name} is no ${type}`);
      const sample = type === "histogram" ? `${name}_count` : name;
      const found = [...scrape].filter(([key]) => key.split("{")[0] === `shopfloor_${sample}`);
      assert.ok(found.length > 0, `${name} has no value`);
      for (const [key, value] of found) {
        assert.ok(Number.isFinite(value) && value >= 0, `${key} ${value}`);
        assert.equal(/\{([a-z]+)=/.exec(key)?.[1], label, key);
      }
    });
  }

  it("has histograms whose buckets only grow, up to the count, from scrape to scrape too", async () => {
    const later = parsed(await metrics());
    const counted = [...scrape].filter(([key]) => /^shopfloor_(?!http_).*_seconds_count/.test(key));
    assert.equal(counted.length, 6); // turns and latency of two workshops, deliveries, epochs
    for (const [key, count] of counted) {
      const series = key.replace("_count", "_bucket").replace(/\}?$/, "");
      const buckets = [...scrape].filter(([other]) => other.startsWith(series) && other.includes("le="));
      assert.ok(buckets.length > 10, series);
      const values = buckets.map(([, value]) => value);
      assert.deepEqual(values, values.toSorted((a, b) => a - b), series);
      assert.equal(values.at(-1), count, series);
      assert.ok(count > 0, key);
      for (const [bucket, value] of buckets) assert.ok(later.get(bucket)! >= value, bucket);
    }
  });

  it("agrees with what the factory says of itself", async () => {
    const [earlier, status, later] = [
      parsed(await metrics()),
      await factory.status(),
      parsed(await metrics()),
    ];
    const name = "shopfloor_hires_total";
    assert.ok(earlier.get(name)! <= status.totals.hired);
    assert.ok(earlier.get("shopfloor_epoch_committed")! <= status.epoch.committed);
    assert.ok(later.get("shopfloor_epoch_committed")! >= status.epoch.committed);
  });

  it("names no key: keys are without number, and whoever sends them chooses them", () => {
    assert.equal(/cold|rare|\[31m/.exec(text), null);
  });

  it("satisfies promtool", () => assert.equal(promtool(["metrics"], text), ""));

  it("has every metric that the Grafana dashboard and the alert rules ask for, but for those of services", () => {
    const names = new Set([...scrape.keys()].map((key) => key.split("{")[0]));
    for (const file of ["dashboard.json", "alerts.yml"]) {
      const asked = readFileSync(new URL(file, PLACE), "utf8").matchAll(
        /(?:shopfloor_(?!service_)|process_)[a-z_]+/g,
      );
      const unknown = new Set([...asked].map(([name]) => name).filter((name) => !names.has(name)));
      assert.deepEqual([...unknown], [], file);
    }
  });

  it("has alert rules that satisfy promtool", () => {
    assert.equal(promtool(["rules", fileURLToPath(new URL("alerts.yml", PLACE))]), "");
  });

  it("reports the hot key as an alarm that names it, without its escape codes", () => {
    const inspection = factory.latestInspection()!;
    const alarm = inspection.alarms.find(({ kind }) => kind === "hot-key")!;
    assert.equal(alarm.subject, "key hot \\u001b[31m<b>");
    assert.match(alarm.message, /has \d\d % of workshop \d's items/);
    assert.ok(inspection.workshops.some(({ hotKey }) => hotKey?.key === "hot \u001b[31m<b>"));
  });
});
