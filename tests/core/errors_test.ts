import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import * as core from "../../src/core/mod.ts";
import { type ErrorDetails, fromWire, messageOf, ShopfloorError, toWire } from "../../src/core/mod.ts";

const CLASSES = Object.values(core).filter((value): value is typeof ShopfloorError =>
  typeof value === "function" &&
  (value as unknown === ShopfloorError || value.prototype instanceof ShopfloorError)
);

/** The way out of a Web Worker. */
function carried(error: unknown): Error {
  return fromWire(structuredClone(toWire(error)));
}

const details: fc.Arbitrary<ErrorDetails> = fc.record({
  code: fc.string({ minLength: 1 }),
  fields: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), {
    noNullPrototype: true,
  }),
}, { requiredKeys: [] });

describe("errors on their way out of a Web Worker", () => {
  it("are all of the exported classes", () => {
    assert.equal(CLASSES.length, 13);
  });

  for (const Class of CLASSES) {
    it(`${Class.name} keeps class, code, fields, message, stack and cause`, () => {
      fc.assert(fc.property(fc.string(), details, fc.string(), (message, given, reason) => {
        const cause = new TypeError(reason);
        const error = new Class(message, { ...given, cause });
        const arrived = carried(error);
        assert.ok(arrived instanceof Class);
        assert.equal(arrived.constructor, Class);
        assert.equal(arrived.name, Class.name);
        assert.equal(arrived.message, message);
        assert.equal(arrived.code, error.code);
        assert.deepEqual(arrived.fields, error.fields);
        assert.equal(arrived.stack, error.stack);
        assert.ok(arrived.cause instanceof Error);
        assert.equal(arrived.cause.name, "TypeError");
        assert.equal(arrived.cause.message, reason);
      }));
    });
  }

  it("have a code of their own by default", () => {
    const codes = CLASSES.map((Class) => new Class("").code);
    assert.equal(new Set(codes).size, CLASSES.length);
    // Calls to services fail with the codes of the Connect protocol, which are written small.
    for (const code of codes) assert.match(code, /^([A-Z_]+|unknown)$/);
  });

  it("keep causes five deep, and end a circle of causes there", () => {
    const circle = new Error("round");
    circle.cause = circle;
    let depth = 0;
    for (let error = carried(circle); error.cause instanceof Error; error = error.cause) depth++;
    assert.equal(depth, 5);
  });

  it("keep name and code of classes that are not Shopfloor's", () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (name, message, code) => {
      const arrived = carried(Object.assign(new Error(message), { name, code }));
      assert.equal(arrived.name, CLASSES.some((Class) => Class.name === name) ? name : arrived.name);
      assert.deepEqual([arrived.name, arrived.message], [name, message]);
      assert.equal((arrived as { code?: string }).code, code);
    }));
  });

  it("keep the names of properties that every object has", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      const arrived = carried(Object.assign(new Error("odd"), { name }));
      assert.ok(arrived instanceof Error);
      assert.deepEqual([arrived.name, arrived.message], [name, "odd"]);
    }
  });

  it("describe fields that can't be cloned", () => {
    const arrived = carried(new ShopfloorError("odd", { fields: { run: Math.max, count: 2 } }));
    assert.deepEqual((arrived as ShopfloorError).fields, { run: String(Math.max), count: "2" });
  });
});

/** What JavaScript lets people throw. */
const thrown = fc.oneof(
  fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true }),
  fc.anything().map((message) => Object.assign(new Error("odd"), { message })),
  fc.constant(Symbol("thrown")),
  fc.constant(Object.create(null)),
  fc.constant({
    toString() {
      throw new Error("not even that");
    },
  }),
);

describe("anything thrown", () => {
  it("becomes an error again", () => {
    fc.assert(fc.property(thrown, (value) => {
      const arrived = carried(value);
      assert.ok(arrived instanceof Error);
      assert.equal(typeof arrived.message, "string");
    }));
  });

  it("has a message of one line", () => {
    fc.assert(fc.property(thrown, (value) => {
      const message = messageOf(value);
      assert.equal(typeof message, "string");
      assert.ok(!message.includes("\n"));
    }));
    assert.equal(messageOf(new Error("one\n   two  \n\n three")), "one two three");
  });
});
