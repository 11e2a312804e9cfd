import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DepartmentError } from "../../src/core/mod.ts";
import { openDesk } from "./client.ts";

/** `name{labels}` to value, of a Prometheus text; throws where a line is none. */
function parse(text: string): Map<string, number> {
  const values = new Map<string, number>();
  const sample = /^([a-z_]+(?:\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\})?) (\S+)$/;
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("# HELP ") || line.startsWith("# TYPE ")) continue;
    const match = sample.exec(line);
    assert.ok(match, `no sample: ${line}`);
    assert.ok(!values.has(match[1]), `twice: ${line}`);
    values.set(match[1], Number(match[2]));
  }
  return values;
}

describe("GET /metrics", () => {
  it("exports what the factory says of itself", async () => {
    const { factory, ask } = openDesk();
    const inspection = factory.inspect();
    inspection.alarms.push({ kind: "latency", subject: "factory", since: 1, message: "slow" });
    const response = await ask("/metrics");
    assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const values = parse(await response.text());
    const expected: [string, number][] = [
      ["materials_total", 96_000],
      ["materials_rejected_total", 3],
      ["turn_retries_total", 14],
      ['dead_letters_total{reason="error"}', 1],
      ['dead_letters_total{reason="late"}', 1],
      ['dead_letters_total{reason="timeout"}', 0],
      ["hires_total", 5_210],
      ['dismissals_total{reason="idle"}', 200],
      ['dismissals_total{reason="asked"}', 10],
      ['dismissals_total{reason="evicted"}', 0],
      ['products_total{product="average"}', 96_000],
      ['warehouse_items{product="average"}', 800],
      ['delivery_errors_total{product="alarm"}', 0],
      ['workers{workshop="1"}', 2_500],
      ['workshop_busy_ratio{workshop="0"}', inspection.workshops[0].busy],
      ['restarts_total{department="workshop 1"}', 1],
      ['line_batches{workshop="0"}', inspection.lines[0].batches],
      ['line_items{workshop="1"}', inspection.lines[1].items],
      ['line_oldest_seconds{workshop="1"}', inspection.lines[1].oldestMs / 1_000],
      ['line_back_pressure_ratio{workshop="1"}', inspection.lines[1].blocked],
      ["epoch_committed", 7],
      ["epoch_current", 8],
      ['turn_duration_seconds_bucket{workshop="1",le="0.001"}', 0],
      ['turn_duration_seconds_bucket{workshop="1",le="0.0025"}', 1],
      ['turn_duration_seconds_bucket{workshop="1",le="+Inf"}', 1],
      ['turn_duration_seconds_count{workshop="0"}', 1],
      ['material_latency_seconds_sum{workshop="0"}', 0.02],
      ['material_latency_seconds_bucket{workshop="0",le="0.025"}', 1],
      ['delivery_duration_seconds_bucket{le="0.005"}', 1],
      ['delivery_duration_seconds_bucket{le="0.0025"}', 0],
      ["epoch_duration_seconds_count", 1],
      ["epoch_duration_seconds_sum", 0.3],
      ['alarms{kind="latency"}', 1],
      ['alarms{kind="hot-key"}', 0],
      ["http_streams", 0],
    ];
    for (const [name, value] of expected) assert.equal(values.get(`shopfloor_${name}`), value, name);
    assert.ok(values.get("shopfloor_process_resident_memory_bytes")! > 1e6);
    assert.ok(values.get("process_resident_memory_bytes")! > 1e6);
  });

  it("says what each metric is", async () => {
    const { factory, ask } = openDesk();
    factory.inspect();
    const text = await (await ask("/metrics")).text();
    const typed = new Set(
      Array.from(text.matchAll(/^# TYPE (\S+) (counter|gauge|histogram)$/gm), ([, name]) => name),
    );
    for (const name of parse(text).keys()) {
      const metric = name.split("{")[0];
      assert.ok(typed.has(metric) || typed.has(metric.replace(/_(bucket|sum|count)$/, "")), name);
    }
    for (const name of typed) {
      assert.ok(name.endsWith("_total") === text.includes(`# TYPE ${name} counter`), name);
    }
  });

  it("counts requests by route, not by path", async () => {
    const { ask } = openDesk();
    await ask("/v1/workers/a");
    await ask("/v1/workers/b");
    await ask("/v1/factory");
    await ask("/v1/factory", { method: "DELETE" });
    await ask("/v1/factory", { method: "PROPFIND" });
    await ask("/made/up/1");
    await ask("/made/up/2");
    const values = parse(await (await ask("/metrics")).text());
    const counts = [...values].filter(([name]) => name.startsWith("shopfloor_http_requests_total"));
    assert.deepEqual(
      new Map(counts),
      new Map([
        ['shopfloor_http_requests_total{method="GET",route="/v1/workers/:key",status="404"}', 2],
        ['shopfloor_http_requests_total{method="GET",route="/v1/factory",status="200"}', 1],
        ['shopfloor_http_requests_total{method="DELETE",route="/v1/factory",status="405"}', 1],
        ['shopfloor_http_requests_total{method="other",route="/v1/factory",status="405"}', 1],
        ['shopfloor_http_requests_total{method="GET",route="none",status="404"}', 2],
      ]),
    );
    const again = parse(await (await ask("/metrics")).text());
    assert.equal(again.get('shopfloor_http_requests_total{method="GET",route="/metrics",status="200"}'), 1);
  });

  it("escapes whatever a label holds", async () => {
    const { factory, ask } = openDesk();
    const types = ['quo"te', "back\\slash", "new\nline", "a}b{c,d=e", "__proto__", "é😀"];
    factory.products = types;
    const values = parse(await (await ask("/metrics")).text());
    for (const type of types) {
      const escaped = type.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
      assert.ok(values.has(`shopfloor_warehouse_items{product="${escaped}"}`), type);
    }
  });

  it("forgets what is gone, and doesn't count twice", async () => {
    const { factory, ask } = openDesk();
    await ask("/metrics");
    factory.products = ["alarm"];
    const values = parse(await (await ask("/metrics")).text());
    assert.equal(values.has('shopfloor_warehouse_items{product="average"}'), false);
    assert.equal(values.get("shopfloor_hires_total"), 5_210);
  });

  it("still speaks of the process when the factory is silent", async () => {
    const { factory, ask } = openDesk();
    factory.failure = new DepartmentError("silent");
    const response = await ask("/metrics");
    assert.equal(response.status, 200);
    const values = parse(await response.text());
    assert.ok(values.has("shopfloor_process_resident_memory_bytes"));
    assert.equal(values.has("shopfloor_materials_total"), false);
  });
});
