import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { BlueprintError } from "../../src/core/mod.ts";
import { compileCodec } from "../../src/batch/mod.ts";

enum Level {
  low = 1,
  high = 2,
}

function columnOf(schema: z.ZodType) {
  const { columns: [{ kind, logical, nullable, optional }], refined } = compileCodec(
    z.object({ field: schema }),
    {
      what: "material",
    },
  );
  return `${kind} ${logical}${nullable ? " nullable" : ""}${optional ? " optional" : ""}${
    refined ? " refined" : ""
  }`;
}

describe("compileCodec()", () => {
  const shapes: [string, z.ZodType, string][] = [
    ["z.number()", z.number(), "float64 number"],
    ["z.float64()", z.float64(), "float64 number"],
    ["z.int()", z.int(), "float64 int"],
    ["z.number().int()", z.number().int(), "float64 int"],
    ["z.int32()", z.int32(), "int32 int"],
    ["z.uint32()", z.uint32(), "float64 int"],
    ["z.boolean()", z.boolean(), "bool boolean"],
    ["z.string()", z.string(), "utf8 string"],
    ["z.enum()", z.enum(["a", "b"]), "utf8 enum"],
    ["z.enum() of numbers", z.enum(Level), "float64 number"],
    ["z.literal() of a string", z.literal("a"), "utf8 enum"],
    ["z.literal() of numbers", z.literal([1, 2]), "float64 number"],
    ["z.literal() of a boolean", z.literal(true), "bool boolean"],
    ["z.literal() of several types", z.literal(["a", 1]), "json json"],
    ["z.literal() with null", z.literal(["a", null]), "json json nullable"],
    ["z.date()", z.date(), "float64 date"],
    ["z.null()", z.null(), "json json nullable"],
    ["z.undefined()", z.undefined(), "json json optional"],
    ["z.any()", z.any(), "json json nullable optional"],
    ["z.unknown()", z.unknown(), "json json nullable optional"],
    ["z.json()", z.json(), "json json nullable"],
    ["z.array()", z.array(z.number()), "json json"],
    ["z.tuple()", z.tuple([z.string()], z.number()), "json json"],
    ["z.object()", z.object({ a: z.string() }), "json json"],
    ["z.record()", z.record(z.string(), z.number()), "json json"],
    ["z.union()", z.union([z.string(), z.number()]), "json json"],
    ["z.union() with null", z.union([z.string(), z.null()]), "json json nullable"],
    ["z.union() with undefined", z.union([z.string(), z.undefined()]), "json json optional"],
    ["z.intersection()", z.intersection(z.object({ a: z.string() }), z.object({ b: z.int() })), "json json"],
    [".optional()", z.string().optional(), "utf8 string optional"],
    [".nullable()", z.string().nullable(), "utf8 string nullable"],
    [".nullish()", z.int().nullish(), "float64 int nullable optional"],
    ["z.nonoptional()", z.nonoptional(z.string().optional()), "utf8 string"],
    [".readonly()", z.string().readonly(), "utf8 string"],
    [".brand()", z.string().brand("id"), "utf8 string"],
    [".describe()", z.string().describe("a name"), "utf8 string"],
    ["z.lazy()", z.lazy(() => z.string().nullable()), "utf8 string nullable"],
  ];
  for (const [name, schema, expected] of shapes) {
    it(`makes ${name} a column: ${expected}`, () => assert.equal(columnOf(schema), expected));
  }

  const refinements: [string, z.ZodType, string][] = [
    [".min()", z.number().min(0), "float64 number refined"],
    [".int().min().max() inside int32", z.int().min(0).max(100), "int32 int refined"],
    [".int().min()", z.int().min(0), "float64 int refined"],
    ["z.float32()", z.float32(), "float64 number refined"],
    ["z.nan()", z.nan(), "float64 number refined"],
    [".overwrite()", z.int32().overwrite((n) => n / 2), "float64 number refined"],
    ["string .min()", z.string().min(1), "utf8 string refined"],
    [".regex()", z.string().regex(/a/), "utf8 string refined"],
    [".trim()", z.string().trim(), "utf8 string refined"],
    ["z.email()", z.email(), "utf8 string refined"],
    ["z.iso.datetime()", z.iso.datetime(), "utf8 string refined"],
    ["z.templateLiteral()", z.templateLiteral(["v", z.int()]), "utf8 string refined"],
    ["z.coerce.number()", z.coerce.number(), "float64 number refined"],
    ["z.coerce.date()", z.coerce.date(), "float64 date refined"],
    ["date .min()", z.date().min(new Date(0)), "float64 date refined"],
    [".default()", z.string().default("x"), "utf8 string refined"],
    [".optional().default()", z.string().optional().default("x"), "utf8 string refined"],
    [".default().optional()", z.string().default("x").optional(), "utf8 string optional refined"],
    [".prefault()", z.string().prefault("x"), "utf8 string refined"],
    [".catch()", z.number().catch(0), "float64 number refined"],
    [".refine()", z.string().refine(() => true), "utf8 string refined"],
    [".transform()", z.string().transform(Number), "json json nullable optional refined"],
    [".transform().pipe()", z.string().transform(Number).pipe(z.number()), "float64 number refined"],
    ["z.preprocess()", z.preprocess(Number, z.int32()), "int32 int refined"],
    ["z.stringbool()", z.stringbool(), "bool boolean refined"],
    [
      "z.codec()",
      z.codec(z.string(), z.date(), { decode: (s) => new Date(s), encode: String }),
      "float64 date refined",
    ],
    ["z.custom()", z.custom(() => true), "json json nullable optional refined"],
    ["a check inside", z.array(z.number().min(0)), "json json refined"],
    ["a default inside", z.object({ a: z.string().default("x") }), "json json refined"],
    ["a strict object inside", z.strictObject({ a: z.string() }), "json json refined"],
    ["what can't be carried going in", z.bigint().transform(String).pipe(z.string()), "utf8 string refined"],
  ];
  for (const [name, schema, expected] of refinements) {
    it(`sees that ${name} says more than shapes: ${expected}`, () =>
      assert.equal(columnOf(schema), expected));
  }

  const wholes: [string, z.ZodType, boolean][] = [
    ["a union", z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), false],
    ["a record", z.record(z.string(), z.number()), false],
    ["a string", z.string(), false],
    ["a loose object", z.looseObject({ a: z.string() }), false],
    ["an object with a catch-all", z.object({ a: z.string() }).catchall(z.number()), false],
    ["a nullable object", z.object({ a: z.string() }).nullable(), false],
    ["an intersection", z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() })), false],
    ["a transformed object", z.object({ a: z.string() }).transform((item) => item), true],
  ];
  for (const [name, schema, refined] of wholes) {
    it(`makes ${name} one JSON column without a name`, () => {
      const codec = compileCodec(schema, { what: "material" });
      assert.deepEqual(codec.columns.map(({ name, kind, optional }) => ({ name, kind, optional })), [
        { name: "", kind: "json", optional: false },
      ]);
      assert.equal(codec.refined, refined);
    });
  }

  it("makes columns of a strict, read-only, refined or piped object's fields", () => {
    const shape = { a: z.string(), b: z.number().optional() };
    const schemas: [z.ZodType, boolean][] = [
      [z.object(shape).readonly(), false],
      [z.lazy(() => z.object(shape)), false],
      [z.strictObject(shape), true],
      [z.object(shape).refine(() => true), true],
      [z.object({ x: z.int() }).transform(({ x }) => ({ a: String(x) })).pipe(z.object(shape)), true],
      [z.preprocess((value) => value, z.object(shape)), true],
    ];
    for (const [schema, refined] of schemas) {
      const codec = compileCodec(schema, { what: "material" });
      assert.deepEqual(codec.columns, [
        { name: "a", kind: "utf8", logical: "string", nullable: false, optional: false },
        { name: "b", kind: "float64", logical: "number", nullable: false, optional: true },
      ]);
      assert.equal(codec.refined, refined);
    }
  });

  it("reads schemas that contain themselves", () => {
    const node = z.object({
      name: z.string(),
      get children() {
        return z.array(node);
      },
    });
    const codec = compileCodec(node, { what: "tree" });
    assert.deepEqual(codec.columns.map(({ kind }) => kind), ["utf8", "json"]);
    const tree = { name: "a", children: [{ name: "b", children: [] }] };
    assert.deepEqual(codec.pick(tree), tree);
  });
});

describe("compileCodec() refuses", () => {
  function refused(schema: unknown, message: string, field?: string): void {
    assert.throws(() => compileCodec(schema, { what: "product alarm" }), (error) => {
      assert.ok(error instanceof BlueprintError);
      assert.equal(error.message, message);
      assert.equal(error.fields.field, field);
      return true;
    });
  }

  it("what is no zod 4 schema", () => {
    refused(undefined, "product alarm: expected a zod 4 schema, found undefined");
    refused({ a: "string" }, "product alarm: expected a zod 4 schema, found object");
    refused([], "product alarm: expected a zod 4 schema, found array of 0");
  });

  const uncarriable: [z.ZodType, string, string][] = [
    [z.bigint(), "z.bigint()", "z.string() for its digits, or z.int()"],
    [z.int64(), "z.bigint()", "z.string() for its digits, or z.int()"],
    [z.literal(5n), "z.literal() of a bigint", "z.string() for its digits, or z.int()"],
    [z.map(z.string(), z.number()), "z.map()", "z.record()"],
    [z.set(z.string()), "z.set()", "z.array()"],
    [z.symbol(), "z.symbol()", "z.string()"],
    [z.file(), "z.file()", "z.string() for its path"],
    [z.promise(z.string()), "z.promise()", "the schema of what it resolves to"],
    [z.instanceof(URL), "z.instanceof(URL)", "plain objects and arrays"],
    [z.string().transform(BigInt).pipe(z.bigint()), "z.bigint()", "z.string() for its digits, or z.int()"],
  ];
  for (const [schema, name, instead] of uncarriable) {
    it(`${name} in a field, and says what to use instead`, () => {
      refused(
        z.object({ id: schema }),
        `product alarm: field "id": ${name} can't be carried in a batch: use ${instead}`,
        "id",
      );
    });
  }

  it("what JSON can't carry, naming the path", () => {
    const dates = "z.iso.datetime(), z.number() for milliseconds, or z.date() right in the item";
    const at = (path: string, name: string, instead: string) =>
      `product alarm: field "${path}": z.${name}() can't be carried in a batch: use ${instead}`;
    refused(z.object({ a: z.array(z.date()) }), at("a[]", "date", dates), "a[]");
    refused(z.object({ a: z.object({ "b c": z.date() }) }), at(`a["b c"]`, "date", dates), `a["b c"]`);
    refused(z.object({ a: z.record(z.string(), z.nan()) }), at("a.*", "nan", "z.number().nullable()"), "a.*");
    refused(z.object({ a: z.union([z.string(), z.set(z.int())]) }), at("a", "set", "z.array()"), "a");
    refused(z.union([z.object({ d: z.tuple([z.date()]) })]), at("d[]", "date", dates), "d[]");
    refused(z.date(), `product alarm: z.date() can't be carried in a batch: use ${dates}`, "");
  });

  it("fields that can't be named", () => {
    refused(
      z.object({ ["__proto__"]: z.string() }),
      `product alarm: a field can't be named "__proto__"`,
      "__proto__",
    );
    refused(z.object({ "": z.string() }), `product alarm: a field can't be named ""`, "");
  });

  it("schemas that never end", () => {
    const endless = (): z.ZodType => z.lazy(() => z.array(endless()));
    assert.throws(() => compileCodec(z.object({ a: endless() }), { what: "material" }), BlueprintError);
  });
});
