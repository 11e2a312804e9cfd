/**
 * Schema to columns: what each field of a zod schema is in a batch.
 *
 * @module
 */

import { BlueprintError } from "../core/mod.ts";
import type { Column } from "./batch.ts";
import { refuseUncarriable } from "./carriable.ts";
import { found } from "./found.ts";
import { sayMore } from "./refined.ts";
import { isZodNode, outputOf, type ZodNode } from "./zod_node.ts";

/** A column, and how its values are checked. */
export interface Field extends Column {
  /** JavaScript that is true of a value that fits, given the names of the value and of `oneOf`. Not for JSON. */
  readonly fits: (v: string, oneOf: string) => string;
  /** For messages: what was wanted. */
  readonly expected: string;
  /** The only values allowed, where the schema lists them. */
  readonly oneOf: ReadonlySet<unknown> | undefined;
  /** What zod checks a JSON value with; undefined where the whole item has been parsed. */
  readonly json: ZodNode | undefined;
}

/** A schema, read. */
export interface SchemaReading {
  readonly node: ZodNode;
  readonly fields: readonly Field[];
  /** The schema says more than shapes. */
  readonly refined: boolean;
  /** The item is one JSON value, not an object with a column for each field. */
  readonly whole: boolean;
}

/**
 * Reads a schema.
 *
 * @throws {BlueprintError} when it is no zod 4 schema or holds something that can't be carried; names the field
 */
export function readSchema(schema: unknown, what: string): SchemaReading {
  if (!isZodNode(schema)) {
    throw new BlueprintError(`${what}: expected a zod 4 schema, found ${found(schema)}`, {
      fields: { type: what },
    });
  }
  const refined = sayMore(schema);
  const output = outputOf(schema);
  const { type, shape, catchall } = output.node._zod.def;
  const open = catchall !== undefined && catchall._zod.def.type !== "never";
  if (type !== "object" || open || output.nullable || output.optional) {
    return {
      node: schema,
      fields: [{ ...fieldOf("", schema, { what, refined }), optional: false }],
      refined,
      whole: true,
    };
  }
  const fields = Object.entries(shape!).map(([name, node]) => {
    if (name !== "" && name !== "__proto__") return fieldOf(name, node, { what, refined });
    throw new BlueprintError(`${what}: a field can't be named "${name}"`, {
      fields: { field: name, type: what },
    });
  });
  return { node: schema, fields, refined, whole: false };
}

type Kind = Pick<Field, "kind" | "logical" | "fits" | "expected"> & { oneOf?: ReadonlySet<unknown> };

const NUMBER: Kind = {
  kind: "float64",
  logical: "number",
  fits: (v) => `typeof ${v} === "number"`,
  expected: "number",
};
const INT: Kind = {
  kind: "float64",
  logical: "int",
  fits: (v) => `Number.isSafeInteger(${v})`,
  expected: "int",
};
const INT32: Kind = {
  kind: "int32",
  logical: "int",
  fits: (v) => `typeof ${v} === "number" && (${v} | 0) === ${v}`,
  expected: "int32",
};
const UINT32: Kind = {
  kind: "float64",
  logical: "int",
  fits: (v) => `typeof ${v} === "number" && ${v} >>> 0 === ${v}`,
  expected: "uint32",
};
const BOOLEAN: Kind = {
  kind: "bool",
  logical: "boolean",
  fits: (v) => `typeof ${v} === "boolean"`,
  expected: "boolean",
};
const STRING: Kind = {
  kind: "utf8",
  logical: "string",
  fits: (v) => `typeof ${v} === "string"`,
  expected: "string",
};
const DATE: Kind = {
  kind: "float64",
  logical: "date",
  fits: (v) => `${v} instanceof Date && !Number.isNaN(${v}.getTime())`,
  expected: "date",
};

function fieldOf(
  name: string,
  schema: ZodNode,
  { what, refined }: { what: string; refined: boolean },
): Field {
  const { node, nullable, optional } = outputOf(schema);
  const kind = kindOf(node);
  if (kind !== undefined) return { name, nullable, optional, json: undefined, oneOf: undefined, ...kind };
  refuseUncarriable(schema, { what, field: name });
  return {
    name,
    kind: "json",
    logical: "json",
    nullable,
    optional,
    fits: () => "true",
    expected: node._zod.def.type,
    oneOf: undefined,
    json: refined ? undefined : schema,
  };
}

/** The column of a schema without wrappers; undefined for JSON. */
function kindOf(node: ZodNode): Kind | undefined {
  switch (node._zod.def.type) {
    case "number":
      return numberKind(node);
    case "nan":
      return NUMBER;
    case "boolean":
    case "success":
      return BOOLEAN;
    case "string":
    case "template_literal":
      return STRING;
    case "date":
      return DATE;
    case "enum":
    case "literal":
      return listKind([...node._zod.values!]);
  }
}

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

function numberKind({ _zod: { def } }: ZodNode): Kind {
  const checks = [def, ...(def.checks ?? []).map((check) => check._zod.def)] as { [rule: string]: unknown }[];
  const formats = checks.filter(({ check }) => check === "number_format").map(({ format }) => format);
  if (formats.includes("int32")) return INT32;
  if (formats.includes("uint32")) return UINT32;
  if (!formats.includes("safeint")) return NUMBER;
  const bounds = (rule: string) =>
    checks.filter(({ check }) => check === rule).map(({ value }) => Number(value));
  const inside = Math.max(...bounds("greater_than")) >= INT32_MIN &&
    Math.min(...bounds("less_than")) <= INT32_MAX;
  return inside ? INT32 : INT;
}

/** Listed values: a column of their type if they share one. */
function listKind(values: readonly unknown[]): Kind | undefined {
  const type = typeof values[0];
  if (!values.every((value) => typeof value === type)) return;
  const kind = type === "string"
    ? { ...STRING, logical: "enum" as const }
    : type === "number"
    ? NUMBER
    : type === "boolean"
    ? BOOLEAN
    : undefined;
  return kind &&
    {
      ...kind,
      fits: (v, oneOf) => `${oneOf}.has(${v})`,
      expected: expectedOf(values),
      oneOf: new Set(values),
    };
}

const VALUES_SHOWN = 8;

function expectedOf(values: readonly unknown[]): string {
  const shown = values.slice(0, VALUES_SHOWN).map((value) => JSON.stringify(value));
  if (values.length > VALUES_SHOWN) shown.push("…");
  return shown.length === 1 ? shown[0] : `one of ${shown.join(", ")}`;
}
