/**
 * The generated code: for each schema one function that checks and stores an item, one that checks and copies it,
 * and one that builds it again. They are straight lines of property reads and writes, so that the runtime's compiler
 * sees objects of one shape, and nothing is decided anew for each field of each item. All loops are elsewhere, in
 * ordinary code.
 *
 * @module
 */

import { COMPILED_SCHEMAS } from "../core/limits.ts";
import type { ColumnReader } from "./column_reader.ts";
import { State } from "./column_writer.ts";
import { found } from "./found.ts";
import { build, check, copy, store } from "./item_code.ts";
import { toJson } from "./json_text.ts";
import { refusal } from "./refusal.ts";
import type { SchemaReading } from "./schema.ts";
import { weigh } from "./weigh.ts";
import { type Append, type ColumnarWriter, mayBeKey } from "./writer.ts";

/** Compiles what stores an item: given a writer, its `append`. */
export function compileAppend(schema: SchemaReading, what: string): (writer: ColumnarWriter) => Append {
  const { fields } = schema;
  return generate({ schema, what, given: "writer" }, [
    `const { columns: [${fields.map((_, i) => `c${i}`)}] } = writer;`,
    "return function append(item, key, hash) {",
    ...check(schema),
    "const { rows } = writer;",
    "if (rows === writer.capacity) writer.grow();",
    ...fields.map((field, i) => store(field, i)),
    "writer.hashes[rows] = hash;",
    "writer.units += units;",
    `if (${keyIsApart(fields)}) writer.ownKey(rows, key);`,
    "writer.rows = rows + 1;",
    "};",
  ]);
}

/** JavaScript that is true unless the field that has been the key in every row of the batch is the key in this one. */
function keyIsApart(fields: SchemaReading["fields"]): string {
  return fields.reduceRight(
    (others, field, i) => mayBeKey(field) ? `writer.keyColumn === ${i} ? key !== v${i} : ${others}` : others,
    "true",
  );
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
    fields[i].nullable ? `s${i} === ${State.null} ? null : c${i}.at(row)` : `c${i}.at(row)`;
  const missing = (i: number) => `s${i} === ${State.missing}`;
  const states = fields.flatMap(({ nullable, optional }, i) =>
    nullable || optional ? [`const s${i} = c${i}.states.of(row);`] : []
  );
  return generate({ schema, what, given: "columns" }, [
    `const [${fields.map((_, i) => `c${i}`)}] = columns;`,
    "return function item(row) {",
    ...states,
    ...(whole ? [`return ${value(0)};`] : build(fields, { value, missing })),
    "};",
  ]);
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
  const make = compiled(`return (${given}) => {\n${lines.join("\n")}\n};`);
  return make(refuse, json, (texts: string[]) => weigh(texts, what), fields.map(({ oneOf }) => oneOf));
}

/** What has been compiled, by source. */
const made = new Map<string, ReturnType<typeof Function>>();

/**
 * The same function for the same source: product types of the same shape then share the machine code that the
 * runtime's compiler makes of it, and whoever fills batches of several of them calls just one function.
 */
function compiled(source: string): ReturnType<typeof Function> {
  const known = made.get(source);
  if (known !== undefined) return known;
  if (made.size >= COMPILED_SCHEMAS) made.clear();
  const make = new Function("refuse", "json", "weigh", "oneOf", source);
  made.set(source, make);
  return make;
}
