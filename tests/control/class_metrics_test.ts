import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspection as schema } from "../../src/control/schemas/inspection_schemas.ts";
import { seriesOfInspection } from "../../src/control/series.ts";
import type { ClassReport } from "../../src/operations/mod.ts";
import { inspectionOf } from "./figures.ts";

const classes: ClassReport[] = ["gpu", 'odd "one"'].map((name, index) => ({
  name,
  workshops: [index],
  shared: false,
  materials: 1_000 * (index + 1),
  boughtPerSecond: 10,
  itemsPerSecond: 20,
  latencyMs: { p50: 5, p99: 250 },
  waiting: 30,
  inFlight: 40,
  backlogBytes: 50,
}));

describe("classes in metrics and inspections", () => {
  it("are one sample each, by the names that the blueprint declares", () => {
    const series = seriesOfInspection({ ...inspectionOf(1), classes });
    const values = (name: string) =>
      series.find((each) => each.name === name)!.samples.map((
        { labels, value },
      ) => [...Object.entries(labels!)[0], value]);
    assert.deepEqual(values("class_materials_total"), [["class", "gpu", 1_000], [
      "class",
      'odd "one"',
      2_000,
    ]]);
    for (
      const [name, value] of [
        ["class_workshops", 1],
        ["class_waiting_items", 30],
        ["class_in_flight", 40],
        ["class_backlog_bytes", 50],
        ["class_latency_p99_seconds", 0.25],
      ] as const
    ) assert.equal(values(name)[0][2], value, name);
  });

  it("are missing without an affinity", () => {
    assert.ok(seriesOfInspection(inspectionOf(1)).every(({ name }) => !name.startsWith("class_")));
    assert.equal("classes" in schema.parse(inspectionOf(1)), false);
  });

  it("are what the schema of an inspection says", () => {
    assert.deepEqual(schema.parse({ ...inspectionOf(1), classes }).classes, classes);
  });
});
