import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { jsonOf } from "../../src/control/json.ts";

describe("jsonOf()", () => {
  it("is JSON.stringify for what JSON can carry", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => assert.equal(jsonOf(value), JSON.stringify(value))));
  });

  it("finds a word for what JSON can't carry", () => {
    const value = {
      map: new Map<unknown, unknown>([["a", 1n]]),
      set: new Set([1, "b"]),
      floats: new Float64Array([0.5, 1]),
      buffer: new Uint8Array([7]).buffer,
      at: new Date(0),
      nothing: undefined,
      not: NaN,
    };
    assert.deepEqual(JSON.parse(jsonOf(value)), {
      map: [["a", "1"]],
      set: [1, "b"],
      floats: [0.5, 1],
      buffer: [7],
      at: "1970-01-01T00:00:00.000Z",
      not: null,
    });
    assert.equal(jsonOf(undefined), "null");
  });

  it("stops where a value contains itself, not where it comes twice", () => {
    const shared = { a: 1 };
    assert.equal(jsonOf({ x: shared, y: shared }), '{"x":{"a":1},"y":{"a":1}}');
    const loop: { name: string; self?: unknown } = { name: "loop" };
    loop.self = { deeper: loop };
    assert.equal(jsonOf(loop), '{"name":"loop","self":{"deeper":"[circular]"}}');
    const map = new Map();
    map.set("me", map);
    assert.equal(jsonOf(map), '[["me","[circular]"]]');
  });
});
