import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BlueprintError } from "../../src/core/mod.ts";
import { assignSinks, discard, isSink, type Sink, sqlite, typesBySink } from "../../src/sinks/mod.ts";

describe("assignSinks()", () => {
  it("gives the one sink to every type, as one object", () => {
    const sink = discard();
    const assigned = assignSinks(sink, ["average", "alarm"]);
    assert.equal(assigned.get("average"), sink);
    assert.equal(assigned.get("alarm"), sink);
    assert.deepEqual([...typesBySink(assigned)], [[sink, ["average", "alarm"]]]);
  });

  it("gives each type the sink that is named for it", () => {
    const [one, two] = [sqlite(), discard()];
    const assigned = assignSinks({ average: one, alarm: two, total: one }, ["average", "alarm", "total"]);
    assert.deepEqual([...typesBySink(assigned)], [[one, ["average", "total"]], [two, ["alarm"]]]);
  });

  it("discards everything when there are no sinks", () => {
    assert.equal(assignSinks(undefined, ["average"]).get("average")?.name, "discard");
  });

  it("takes product types that are named like a sink's fields", () => {
    const sink = discard();
    assert.equal(assignSinks({ open: sink, name: sink }, ["open", "name"]).get("open"), sink);
  });

  const refusals: [string, unknown, RegExp][] = [
    ["a type without a sink", { average: discard() }, /product type alarm has no sink/],
    [
      "a sink for a type that there isn't",
      { average: discard(), alarm: discard(), alram: discard() },
      /alram.*there are average, alarm/,
    ],
    [
      "a value that is no sink",
      { average: discard(), alarm: { write() {} } },
      /sinks.alarm: expected a sink.*found object/,
    ],
    [
      "a sink that wasn't called",
      { average: discard(), alarm: discard },
      /found a function \(was it to be called\?\)/,
    ],
    ["a list", [discard()], /found an array/],
    ["inherited names", { average: discard(), __proto__: { alarm: discard() } }, /alarm has no sink/],
  ];
  for (const [what, sinks, message] of refusals) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => assignSinks(sinks as Sink, ["average", "alarm"]),
        (error) => error instanceof BlueprintError && message.test(error.message),
      );
    });
  }
});

describe("isSink()", () => {
  it("tells sinks from other values", () => {
    assert.ok(isSink(sqlite()));
    for (const value of [null, 1, "sqlite", {}, sqlite, { ...discard(), guarantee: "maybe" }]) {
      assert.ok(!isSink(value));
    }
  });
});
