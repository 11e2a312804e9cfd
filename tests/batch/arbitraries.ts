/**
 * Random schemas with random items that fit them.
 *
 * @module
 */

import fc from "fast-check";
import { z } from "zod";

/** A schema and what fits it. */
export interface Sample {
  readonly schema: z.ZodType;
  readonly values: fc.Arbitrary<unknown>;
}

/** Strings of all sorts: empty, long, beyond ASCII, with lone surrogates. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((units) =>
    String.fromCharCode(...units)
  ),
  fc.constantFrom(
    "",
    "a",
    "temperature",
    "\ud800",
    "\udc00\ud800",
    "\ufeffbom",
    "é",
    "日本語",
    "🏭🏭",
    "x".repeat(300),
  ),
  fc.string({ minLength: 40, maxLength: 400, unit: "grapheme" }),
);

/** Any double. */
export const doubles: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 5e-324, Number.MAX_SAFE_INTEGER + 1),
);

/** Records and loose objects of zod leave this key out. */
const LEFT_OUT = "__proto__";

/** Values that JSON carries. */
export const jsonValues: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3, stringUnit: "binary" }).filter((value) =>
    !JSON.stringify(value).includes(LEFT_OUT)
  ),
  fc.constantFrom<unknown>(-0, [-0, 1], { a: { b: -0 } }, [], {}, [null], ""),
);

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

/** A sample of every kind of column. */
export const samples: readonly Sample[] = [
  { schema: z.number(), values: doubles },
  { schema: z.int(), values: fc.oneof(fc.maxSafeInteger(), fc.constant(-0)) },
  { schema: z.int32(), values: fc.integer() },
  { schema: z.uint32(), values: fc.integer({ min: 0, max: 2 ** 32 - 1 }) },
  { schema: z.boolean(), values: fc.boolean() },
  { schema: z.string(), values: texts },
  { schema: z.string(), values: fc.constantFrom("one", "two", "drei", "四") },
  { schema: z.enum(["red", "green", "blue"]), values: fc.constantFrom("red", "green", "blue") },
  { schema: z.literal("only"), values: fc.constant("only") },
  { schema: z.literal([1, 2.5]), values: fc.constantFrom(1, 2.5) },
  { schema: z.literal(true), values: fc.constant(true) },
  { schema: z.date(), values: fc.date({ noInvalidDate: true }) },
  { schema: z.array(z.number()), values: fc.array(finite, { maxLength: 5 }) },
  {
    schema: z.record(z.string(), z.boolean()),
    values: fc.dictionary(texts.filter((key) => key !== LEFT_OUT), fc.boolean(), { noNullPrototype: true }),
  },
  { schema: z.union([z.string(), z.int()]), values: fc.oneof(texts, fc.integer()) },
  { schema: z.literal(["a", 1, false]), values: fc.constantFrom<unknown>("a", 1, false) },
  {
    schema: z.object({ x: z.number(), tags: z.array(z.string()).optional() }),
    values: fc.record({ x: finite, tags: fc.array(texts, { maxLength: 3 }) }, {
      requiredKeys: ["x"],
      noNullPrototype: true,
    }),
  },
  { schema: z.unknown(), values: jsonValues },
  { schema: z.json(), values: jsonValues },
];

const ABSENT = Symbol("missing");

/** A field: its name, its schema with or without a wrapper, and its values; the symbol stands for a missing field. */
function fields(): fc.Arbitrary<{ name: string; schema: z.ZodType; values: fc.Arbitrary<unknown> }> {
  const names = fc.oneof(fc.string({ minLength: 1, maxLength: 8 }), texts)
    .filter((name) => name !== "" && !(name in Object.prototype));
  const wrappers = fc.constantFrom("plain", "nullable", "optional", "nullish");
  return fc.record({ name: names, sample: fc.constantFrom(...samples), wrapper: wrappers }).map(
    ({ name, sample: { schema, values }, wrapper }) => {
      const some = (...others: unknown[]) =>
        fc.oneof({ weight: 3, arbitrary: values }, fc.constantFrom(...others));
      switch (wrapper) {
        case "nullable":
          return { name, schema: schema.nullable(), values: some(null) };
        case "optional":
          return { name, schema: schema.optional(), values: some(ABSENT) };
        case "nullish":
          return { name, schema: schema.nullish(), values: some(null, ABSENT) };
        default:
          return { name, schema, values };
      }
    },
  );
}

/** An object schema with up to ten fields, and items that fit it. */
export function objectSamples(): fc.Arbitrary<Sample> {
  return fc.uniqueArray(fields(), { selector: ({ name }) => name, maxLength: 10 }).map((fields) => ({
    schema: z.object(Object.fromEntries(fields.map(({ name, schema }) => [name, schema]))),
    values: fc.tuple(...fields.map(({ values }) => values)).map((values) =>
      Object.fromEntries(
        fields.map(({ name }, i) => [name, values[i]]).filter(([, value]) => value !== ABSENT),
      )
    ),
  }));
}

/** Keys: some come again, some never. */
export const keys: fc.Arbitrary<string> = fc.oneof(fc.constantFrom("a", "b", "sensor-17"), texts);

/** Hashes: unsigned 32-bit integers. */
export const hashes: fc.Arbitrary<number> = fc.integer({ min: 0, max: 2 ** 32 - 1 });
