import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { compileCodec } from "../../src/batch/mod.ts";
import { BlueprintError, ItemError } from "../../src/core/mod.ts";
import { ITEM_BYTES, JSON_DEPTH } from "../../src/core/limits.ts";

/** `append` and `pick` refuse alike, and the writer is then as before. */
function refused(
  schema: z.ZodType,
  item: unknown,
  misfit: { field: string; expected?: string; found?: string; says?: string },
) {
  const codec = compileCodec(schema, { what: "material" });
  const { field, expected, found, says = `expected ${expected}, found ${found}` } = misfit;
  const check = (error: unknown): true => {
    assert.ok(error instanceof ItemError);
    assert.equal(error.message, `material: ${field === "" ? "" : `field "${field}": `}${says}`);
    assert.equal(error.fields.field, field);
    assert.equal(error.fields.type, "material");
    if (expected !== undefined) assert.equal(error.fields.expected, expected);
    if (found !== undefined) assert.equal(error.fields.found, found);
    return true;
  };
  const writer = codec.writer();
  assert.throws(() => writer.append(item, "k", 1), check);
  assert.equal(writer.rows, 0);
  assert.equal(writer.bytes, 0);
  assert.throws(() => codec.pick(item), check);
}

describe("BatchWriter.append() refuses", () => {
  it("what is no object", () => {
    const schema = z.object({ a: z.string() });
    for (
      const [item, found] of [[null, "null"], [undefined, "undefined"], [5, "number 5"], [[], "array of 0"]]
    ) {
      refused(schema, item, { field: "", expected: "object", found: found as string });
    }
    refused(z.object({}), [], { field: "", expected: "object", found: "array of 0" });
  });

  it("fields of another type, and shows what was found", () => {
    const number = z.object({ celsius: z.number() });
    const found: [unknown, string][] = [
      ["12", `string "12"`],
      ["x".repeat(100), `string "${"x".repeat(40)}…"`],
      [null, "null"],
      [undefined, "undefined"],
      [true, "boolean true"],
      [12n, "bigint 12"],
      [[1, 2], "array of 2"],
      [{}, "object"],
      [new Date(0), "date"],
      [new Date(NaN), "invalid date"],
      [new Map(), "instance of Map"],
      [Object.create(null), "object"],
      [() => 1, "function"],
      [Symbol("s"), "symbol"],
    ];
    for (const [value, text] of found) {
      refused(number, { celsius: value }, { field: "celsius", expected: "number", found: text });
    }
  });

  it("what no column of its kind can hold", () => {
    const cases: [z.ZodType, unknown, string, string][] = [
      [z.int(), 1.5, "int", "number 1.5"],
      [z.int(), 2 ** 53, "int", "number 9007199254740992"],
      [z.int(), 1n, "int", "bigint 1"],
      [z.int32(), 2 ** 31, "int32", "number 2147483648"],
      [z.int32(), 0.5, "int32", "number 0.5"],
      [z.int32(), 1n, "int32", "bigint 1"],
      [z.int32(), "1", "int32", `string "1"`],
      [z.int32(), NaN, "int32", "number NaN"],
      [z.uint32(), -1, "uint32", "number -1"],
      [z.uint32(), 2 ** 32, "uint32", "number 4294967296"],
      [z.uint32(), 1n, "uint32", "bigint 1"],
      [z.boolean(), 1, "boolean", "number 1"],
      [z.string(), 1, "string", "number 1"],
      [z.date(), "2020-01-01", "date", `string "2020-01-01"`],
      [z.date(), new Date(NaN), "date", "invalid date"],
      [z.enum(["a", "b"]), "c", `one of "a", "b"`, `string "c"`],
      [z.enum([..."abcdefghij"]), "z", `one of "a", "b", "c", "d", "e", "f", "g", "h", …`, `string "z"`],
      [z.literal("only"), "other", `"only"`, `string "other"`],
      [z.literal([1, 2]), 3, "one of 1, 2", "number 3"],
      [z.literal(true), false, "true", "boolean false"],
      [z.string().nullable(), undefined, "string", "undefined"],
      [z.string().optional(), null, "string", "null"],
      [z.int32().nullish(), "x", "int32", `string "x"`],
    ];
    for (const [schema, value, expected, found] of cases) {
      refused(z.object({ a: z.string(), field: schema }), { a: "", field: value }, {
        field: "field",
        expected,
        found,
      });
    }
  });

  it("JSON values that don't fit, naming the innermost place", () => {
    const schema = z.object({
      payload: z.object({ readings: z.array(z.number()), "a b": z.string().optional() }),
    });
    const at = (payload: unknown, misfit: Parameters<typeof refused>[2]) =>
      refused(schema, { payload }, misfit);
    at(undefined, { field: "payload", expected: "object", found: "undefined" });
    at(null, { field: "payload", expected: "object", found: "null" });
    at({ readings: [1, 2, 3, "4"] }, {
      field: "payload.readings[3]",
      expected: "number",
      found: `string "4"`,
    });
    at({ readings: [1, NaN] }, { field: "payload.readings[1]", expected: "number", found: "number NaN" });
    at({ readings: [], "a b": 1 }, { field: `payload["a b"]`, expected: "string", found: "number 1" });
    refused(z.object({ u: z.union([z.string(), z.array(z.int())]) }), { u: true }, {
      field: "u",
      expected: "string or array",
      found: "boolean true",
    });
    refused(z.object({ u: z.array(z.enum(["a", "b"])) }), { u: ["c"] }, {
      field: "u[0]",
      expected: `one of "a"|"b"`,
      found: `string "c"`,
    });
    refused(z.object({ u: z.array(z.string("a name, please")) }), { u: [1] }, {
      field: "u[0]",
      expected: "a name, please",
      found: "number 1",
      says: "a name, please",
    });
  });

  it("whole items that don't fit", () => {
    refused(z.record(z.string(), z.number()), { a: "x" }, {
      field: "a",
      expected: "number",
      found: `string "x"`,
    });
    refused(z.union([z.string(), z.number()]), null, {
      field: "",
      expected: "string or number",
      found: "null",
    });
    refused(z.unknown(), undefined, { field: "", expected: "plain JSON", found: "undefined" });
  });

  it("whatever JSON would drop or change", () => {
    class Reading {}
    const circle: unknown[] = [];
    circle.push(circle);
    let deep: unknown = 1;
    for (let i = 0; i <= JSON_DEPTH; i++) deep = [deep];
    const cases: [unknown, string, string, string][] = [
      [NaN, "", "finite number", "number NaN"],
      [{ readings: [1, 2, 3, -Infinity] }, ".readings[3]", "finite number", "number -Infinity"],
      [[1, undefined], "[1]", "plain JSON", "undefined"],
      [[, 1], "[0]", "plain JSON", "undefined"],
      [{ a: [{ b: 5n }] }, ".a[0].b", "plain JSON", "bigint 5"],
      [{ f: () => 1 }, ".f", "plain JSON", "function"],
      [{ s: Symbol("x") }, ".s", "plain JSON", "symbol"],
      [{ d: new Date(0) }, ".d", "plain JSON", "date"],
      [{ m: new Map() }, ".m", "plain JSON", "instance of Map"],
      [{ r: new Reading() }, ".r", "plain JSON", "instance of Reading"],
      [{ toJSON: () => 1 }, ".toJSON", "plain JSON", "function"],
      [circle, "[0]".repeat(JSON_DEPTH), `at most ${JSON_DEPTH} levels of JSON`, "more of them, or a circle"],
      [deep, "[0]".repeat(JSON_DEPTH), `at most ${JSON_DEPTH} levels of JSON`, "more of them, or a circle"],
    ];
    for (const [value, path, expected, found] of cases) {
      refused(z.object({ a: z.string(), any: z.unknown() }), { a: "", any: value }, {
        field: `any${path}`,
        expected,
        found,
      });
      refused(z.unknown(), value, { field: path.replace(/^\./, ""), expected, found });
    }
  });

  it("items larger than the limit, and none that just fit", () => {
    const schema = z.object({ a: z.string(), b: z.unknown() });
    const half = "é".repeat(ITEM_BYTES / 4);
    const rest = "x".repeat(ITEM_BYTES / 2 - 2);
    refused(schema, { a: half, b: rest + "x" }, {
      field: "",
      expected: `at most ${ITEM_BYTES} bytes in one item`,
      found: `${ITEM_BYTES + 1} bytes`,
    });
    const codec = compileCodec(schema, { what: "material" });
    const writer = codec.writer();
    writer.append({ a: half, b: rest }, "k", 1);
    const reader = codec.reader();
    reader.load(writer.seal());
    assert.deepEqual(reader.item(0), { a: half, b: rest });
  });

  it("a misfit without a trace, whichever field it is", () => {
    const schema = z.object({
      text: z.string(),
      note: z.string().nullish(),
      flag: z.boolean(),
      n: z.number(),
      json: z.array(z.int()),
      last: z.string(),
    });
    const good = { text: "t", note: null, flag: true, n: 1, json: [1], last: "l" };
    const codec = compileCodec(schema, { what: "material" });
    const plain = codec.writer();
    const tried = codec.writer();
    for (let i = 0; i < 100; i++) {
      plain.append({ ...good, n: i }, `k${i}`, i);
      for (const name of Object.keys(good)) {
        assert.throws(
          () => tried.append({ ...good, text: "other", [name]: Symbol("misfit") }, "x", 9),
          ItemError,
        );
      }
      tried.append({ ...good, n: i }, `k${i}`, i);
    }
    assert.equal(tried.bytes, plain.bytes);
    assert.deepEqual(new Uint8Array(tried.seal()), new Uint8Array(plain.seal()));
  });
});

describe("ItemCodec.pick()", () => {
  it("copies the schema's fields alone, nested ones too", () => {
    const codec = compileCodec(
      z.object({
        at: z.date(),
        tags: z.array(z.object({ name: z.string() })),
        any: z.unknown(),
        note: z.int().nullish(),
      }),
      { what: "material" },
    );
    const item = { x: 1, at: new Date(5), tags: [{ name: "a", y: 2 }], any: { z: [-0] } };
    const picked = codec.pick(item) as typeof item;
    assert.deepEqual(picked, { at: new Date(5), tags: [{ name: "a" }], any: { z: [-0] } });
    assert.notEqual(picked.at, item.at);
    assert.notEqual(picked.any, item.any);
    assert.notEqual(picked.any.z, item.any.z);
    assert.deepEqual(codec.pick({ ...item, note: null }), { ...picked, note: null });
  });

  it("copies whole items", () => {
    const item = { a: [{ b: null }] };
    const picked = compileCodec(z.unknown(), { what: "material" }).pick(item) as typeof item;
    assert.deepEqual(picked, item);
    assert.notEqual(picked.a[0], item.a[0]);
  });
});

describe("ItemCodec.parse()", () => {
  it("answers what the whole schema makes of the item", () => {
    const codec = compileCodec(
      z.object({
        name: z.string().trim(),
        n: z.coerce.number(),
        unit: z.string().default("C"),
        at: z.coerce.date(),
      }),
      { what: "material" },
    );
    const parsed = codec.parse({ name: " a ", n: "5", at: 0, extra: true });
    assert.deepEqual(parsed, { name: "a", n: 5, unit: "C", at: new Date(0) });
    const writer = codec.writer();
    writer.append(parsed, "a", 1);
    const reader = codec.reader();
    reader.load(writer.seal());
    assert.deepEqual(reader.item(0), parsed);
  });

  function issuesOf(schema: z.ZodType, item: unknown): { message: string; issues: unknown; field: unknown } {
    try {
      compileCodec(schema, { what: "material" }).parse(item);
    } catch (error) {
      assert.ok(error instanceof ItemError);
      assert.equal(error.fields.type, "material");
      return { message: error.message, issues: error.fields.issues, field: error.fields.field };
    }
    assert.fail("it was let through");
  }

  it("names every field that does not fit", () => {
    const schema = z.strictObject({
      celsius: z.number(),
      name: z.string().min(2, "too short"),
      tags: z.array(z.email()),
    });
    assert.deepEqual(issuesOf(schema, { celsius: "12", name: "x", tags: ["no"], a: 1, b: 2 }), {
      message: `material: field "celsius": expected number, found string "12"; field "name": too short; ` +
        `field "tags[0]": Invalid email address; field "a": unknown field; field "b": unknown field`,
      field: "celsius",
      issues: [
        { field: "celsius", message: `expected number, found string "12"` },
        { field: "name", message: "too short" },
        { field: "tags[0]", message: "Invalid email address" },
        { field: "a", message: "unknown field" },
        { field: "b", message: "unknown field" },
      ],
    });
  });

  it("says what is wrong with the item itself", () => {
    assert.equal(issuesOf(z.object({}), null).message, "material: expected object, found null");
    assert.deepEqual(issuesOf(z.object({ a: z.int() }).refine(() => false, "never"), { a: 1 }), {
      message: "material: never",
      field: "",
      issues: [{ field: "", message: "never" }],
    });
  });

  it("counts what is too much to name", () => {
    const { message, issues } = issuesOf(z.object({ a: z.array(z.number()) }), { a: Array(1_000).fill("x") });
    assert.equal((issues as unknown[]).length, 10);
    assert.ok(message.endsWith(`field "a[9]": expected number, found string "x"; and 990 more`));
  });

  it("makes one error of what the schema's own functions throw", () => {
    const cause = new TypeError("oops");
    const codec = compileCodec(
      z.object({
        a: z.string().transform(() => {
          throw cause;
        }),
      }),
      { what: "material" },
    );
    assert.throws(() => codec.parse({ a: "" }), (error) => {
      assert.ok(error instanceof ItemError);
      assert.equal(error.message, "material: the schema's own code threw: oops");
      assert.equal(error.cause, cause);
      return true;
    });
  });

  it("refuses asynchronous schemas", () => {
    const codec = compileCodec(z.object({ a: z.string().refine(() => Promise.resolve(true)) }), {
      what: "material",
    });
    assert.throws(() => codec.parse({ a: "" }), (error) => {
      assert.ok(error instanceof BlueprintError);
      assert.equal(error.message, "material: the schema is asynchronous; check and transform synchronously");
      return true;
    });
  });

  it("survives items that are nested without end", () => {
    let deep: unknown = 1;
    for (let i = 0; i < 200_000; i++) deep = [deep];
    const codec = compileCodec(z.object({ json: z.json() }), { what: "material" });
    assert.throws(() => codec.parse({ json: deep }), /^ItemError: material: nested too deeply/);
    assert.throws(() => codec.writer().append({ json: deep }, "k", 1), ItemError);
  });
});
