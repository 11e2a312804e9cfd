/**
 * The generated code: for each schema one function that checks and stores an item, one that checks and copies it,
 * and one that builds it again. They are straight lines of property reads and writes, so that the runtime's compiler
 * sees objects of one shape, and nothing is decided anew for each field of each item. All loops are elsewhere, in
 * ordinary code.
 *
 * @module
 */

import type { ColumnReader } from "./column_reader.ts";
import { State } from "./column_writer.ts";
import { found } from "./found.ts";
import { toJson } from "./json_text.ts";
import { refusal } from "./refusal.ts";
import type { Field, SchemaReading } from "./schema.ts";
import { SAFE_UNITS, weigh } from "./weigh.ts";
import type { Append, ColumnarWriter } from "./writer.ts";

/** Compiles what stores an item: given a writer, its `append`. */
export function compileAppend(schema: SchemaReading, what: string): (writer: ColumnarWriter) => Append {
  const { fields } = schema;
  return generate({ schema, what, given: "writer" }, [
    `const { columns: [${fields.map((_, i) => `c${i}`)}], keys } = writer;`,
    "return function append(item, key, hash) {",
    ...check(schema),
    "const { rows } = writer;",
    "if (rows === writer.capacity) writer.grow();",
    ...fields.map(store),
    "keys.values[rows] = key;",
    "writer.hashes[rows] = hash;",
    "writer.units += units + key.length;",
    "writer.rows = rows + 1;",
    "};",
  ]);
}

/** Compiles what copies an item. */
export function compilePick(schema: SchemaReading, what: string): (item: unknown) => unknown {
  const { fields, whole } = schema;
  const value = (i: number) =>
    fields[i].nullable ? `v${i} === null ? null : ${copy(fields[i], i)}` : copy(fields[i], i);
  const missing = (i: number) => `v${i} === undefined`;
  return generate<() => (item: unknown) => unknown>({ schema, what, given: "" }, [
    "return function pick(item) {",
    ...check(schema),
    ...(whole ? [`return ${value(0)};`] : build(fields, { value, missing })),
    "};",
  ])();
}

/** Compiles what builds an item: given the columns, a function of the row. */
export function compileItem(
  schema: SchemaReading,
  what: string,
): (columns: readonly ColumnReader[]) => (row: number) => unknown {
  const { fields, whole } = schema;
  const value = (i: number) =>
    fields[i].nullable ? `c${i}.state(row) === ${State.null} ? null : c${i}.at(row)` : `c${i}.at(row)`;
  const missing = (i: number) => `c${i}.state(row) === ${State.missing}`;
  return generate({ schema, what, given: "columns" }, [
    `const [${fields.map((_, i) => `c${i}`)}] = columns;`,
    "return function item(row) {",
    ...(whole ? [`return ${value(0)};`] : build(fields, { value, missing })),
    "};",
  ]);
}

/** Reads each field into `v0`, `v1` …, checks them all, and counts the `units` of their strings. */
function check({ fields, whole }: SchemaReading): string[] {
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

function store({ kind, logical, nullable, optional }: Field, i: number): string {
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

function copy({ kind, logical }: Field, i: number): string {
  return kind === "json" ? `JSON.parse(j${i})` : logical === "date" ? `new Date(v${i}.getTime())` : `v${i}`;
}

/** Builds an object in the fields' order: one literal up to the first field that may be missing. */
function build(
  fields: readonly Field[],
  { value, missing }: { value: (i: number) => string; missing: (i: number) => string },
): string[] {
  const names = fields.map(({ name }) => JSON.stringify(name));
  const first = fields.findIndex(({ optional }) => optional);
  const certain = first === -1 ? fields.length : first;
  const rest = fields.slice(certain).map(({ optional }, n) => {
    const i = certain + n;
    return `${optional ? `if (!(${missing(i)})) ` : ""}built[${names[i]}] = ${value(i)};`;
  });
  const literal = names.slice(0, certain).map((name, i) => `${name}: ${value(i)},`);
  return ["const built = {", ...literal, "};", ...rest, "return built;"];
}

/** Makes a function of `given` with these lines as its body. They may call `refuse`, `json`, `weigh` and use `oneOf`. */
function generate<Made>(
  { schema: { fields, whole }, what, given }: { schema: SchemaReading; what: string; given: string },
  lines: readonly string[],
): Made {
  const refuse = (i: number, value: unknown): never => {
    const { name, expected } = fields[i] ?? { name: "", expected: "object" };
    throw refusal(what, { field: name, expected, found: found(value) });
  };
  const places = fields.map(({ name, json }) => ({ what, field: whole ? "" : name, schema: json }));
  const json = (i: number, value: unknown): string => toJson(value, places[i]);
  const source = `return (${given}) => {\n${lines.join("\n")}\n};`;
  const make = new Function("refuse", "json", "weigh", "oneOf", source);
  return make(refuse, json, (texts: string[]) => weigh(texts, what), fields.map(({ oneOf }) => oneOf));
}
