/**
 * JavaScript that deals with an item's fields: `v0`, `v1` … are their values, `c0`, `c1` … their columns, `j0`, `j1` …
 * the texts of those that are JSON.
 *
 * @module
 */

import { State } from "./column_writer.ts";
import type { Field, SchemaReading } from "./schema.ts";
import { SAFE_UNITS } from "./weigh.ts";

/** Reads each field into `v0`, `v1` …, checks them all, and counts the `units` of their strings. */
export function check({ fields, whole }: SchemaReading): string[] {
  const isObject = `typeof item === "object" && item !== null && !Array.isArray(item)`;
  const texts = fields.flatMap(({ kind }, i) =>
    kind === "utf8" ? [`v${i}`] : kind === "json" ? [`j${i}`] : []
  );
  const lengths = fields.flatMap(({ kind, nullable, optional }, i) => {
    if (kind === "utf8") return nullable || optional ? [`(v${i}?.length ?? 0)`] : [`v${i}.length`];
    return kind === "json" ? [`j${i}.length`] : [];
  });
  return [
    ...(whole ? [] : [`if (!(${isObject})) refuse(-1, item);`]),
    ...fields.flatMap((field, i) => [
      `const v${i} = ${whole ? "item" : `item[${JSON.stringify(field.name)}]`};`,
      checkOne(field, i),
    ]),
    `const units = ${["0", ...lengths].join(" + ")};`,
    `if (units > ${SAFE_UNITS}) weigh([${texts}]);`,
  ];
}

function checkOne({ kind, nullable, optional, fits }: Field, i: number): string {
  const absent = [...(nullable ? [`v${i} === null`] : []), ...(optional ? [`v${i} === undefined`] : [])];
  if (kind === "json") return `const j${i} = ${[...absent, "false"].join(" || ")} ? "" : json(${i}, v${i});`;
  return `if (!(${[...absent, `(${fits(`v${i}`, `oneOf[${i}]`)})`].join(" || ")})) refuse(${i}, v${i});`;
}

/** Stores a checked value in its column. */
export function store({ kind, logical, nullable, optional }: Field, i: number): string {
  const v = `v${i}`;
  const value = kind === "json"
    ? `j${i}`
    : kind === "bool"
    ? `${v} ? 1 : 0`
    : logical === "date"
    ? `${v}.getTime()`
    : v;
  if (!nullable && !optional) return `c${i}.values[rows] = ${value};`;
  const empty = kind === "utf8" || kind === "json" ? `""` : "0";
  return [
    `if (${v} === null || ${v} === undefined) {`,
    `c${i}.states[rows] = ${v} === null ? ${State.null} : ${State.missing};`,
    `c${i}.values[rows] = ${empty};`,
    "} else {",
    `c${i}.states[rows] = ${State.value};`,
    `c${i}.values[rows] = ${value};`,
    "}",
  ].join("\n");
}

/** A checked value that shares nothing with the item. */
export function copy({ kind, logical }: Field, i: number): string {
  return kind === "json" ? `JSON.parse(j${i})` : logical === "date" ? `new Date(v${i}.getTime())` : `v${i}`;
}

/**
 * Builds an object in the fields' order: one literal when no field is missing; otherwise a literal up to the first
 * that may be, and an assignment for each after it.
 */
export function build(
  fields: readonly Field[],
  { value, missing }: { value: (i: number) => string; missing: (i: number) => string },
): string[] {
  const names = fields.map(({ name }) => JSON.stringify(name));
  const literal = (end: number) =>
    `{ ${names.slice(0, end).map((name, i) => `${name}: ${value(i)}`).join(",\n")} }`;
  const optional = fields.flatMap((field, i) => field.optional ? [i] : []);
  if (optional.length === 0) return [`return ${literal(fields.length)};`];
  return [
    `if (!(${optional.map(missing).join(" || ")})) return ${literal(fields.length)};`,
    `const built = ${literal(optional[0])};`,
    ...fields.map((field, i) => {
      const unless = field.optional ? `if (!(${missing(i)})) ` : "";
      return `${unless}built[${names[i]}] = ${value(i)};`;
    }).slice(optional[0]),
    "return built;",
  ];
}
