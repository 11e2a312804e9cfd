/**
 * Which kind of column a schema without wrappers makes.
 *
 * @module
 */

import type { Column } from "./batch.ts";
import type { ZodNode } from "./zod_node.ts";

/** A kind of column, and how its values are checked. */
export interface Kind extends Pick<Column, "kind" | "logical"> {
  /** JavaScript that is true of a value that fits, given the names of the value and of `oneOf`. */
  readonly fits: (v: string, oneOf: string) => string;
  /** For messages: what was wanted. */
  readonly expected: string;
  /** The only values allowed, where the schema lists them. */
  readonly oneOf?: ReadonlySet<unknown>;
}

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

/** The column of a schema without wrappers; undefined for JSON. */
export function kindOf(node: ZodNode): Kind | undefined {
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
  if (checks.some(({ check }) => check === "overwrite")) return NUMBER; // whatever it makes of the number
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

const LISTED: Readonly<Record<string, Kind>> = {
  string: { ...STRING, logical: "enum" },
  number: NUMBER,
  boolean: BOOLEAN,
};

/** Listed values: a column of their type, if they share one. */
function listKind(values: readonly unknown[]): Kind | undefined {
  const [type, ...others] = new Set(values.map((value) => typeof value));
  const kind = others.length === 0 ? LISTED[type] : undefined;
  if (kind === undefined) return;
  const fits: Kind["fits"] = (v, oneOf) => `${oneOf}.has(${v})`;
  return { ...kind, fits, expected: expectedOf(values), oneOf: new Set(values) };
}

const VALUES_SHOWN = 8;

function expectedOf(values: readonly unknown[]): string {
  const shown = values.slice(0, VALUES_SHOWN).map((value) => JSON.stringify(value));
  if (values.length > VALUES_SHOWN) shown.push("…");
  return shown.length === 1 ? shown[0] : `one of ${shown.join(", ")}`;
}
