import { hashKey } from "../core/mod.ts";
import type { BatchReader, BatchWriter, Column, ItemCodec } from "./batch.ts";
import { compileAppend, compileItem, compilePick } from "./compile.ts";
import { parseItem } from "./parse.ts";
import { ColumnarReader } from "./reader.ts";
import { readSchema } from "./schema.ts";
import { ColumnarWriter } from "./writer.ts";

/** How to compile a codec. */
export interface CodecOptions {
  /** What the items are, for messages: `material`, `product average`. */
  readonly what: string;
}

/**
 * Compiles a zod schema to the codec of its items.
 *
 * The columns are those of the schema's output. A schema that is no plain object (a union, a record, an object that
 * keeps unknown fields) becomes one JSON column with an empty name.
 *
 * @throws {BlueprintError} when it is no zod 4 schema, or has something that no column can carry (`z.bigint()`,
 * `z.map()`, …); the message names the field and what to use instead
 *
 * @example
 * ```ts
 * import { compileCodec } from "./codec.ts";
 * import { z } from "zod";
 * import assert from "node:assert/strict";
 *
 * const codec = compileCodec(z.object({ device: z.string(), celsius: z.number() }), { what: "material" });
 * const writer = codec.writer();
 * writer.append({ device: "a", celsius: 20.5 }, "a", 1);
 * const reader = codec.reader();
 * reader.load(writer.seal());
 * assert.deepEqual(reader.item(0), { device: "a", celsius: 20.5 });
 * ```
 */
export function compileCodec(schema: unknown, { what }: CodecOptions): ItemCodec {
  const reading = readSchema(schema, what);
  const columns = reading.fields.map(({ name, kind, logical, nullable, optional }): Column => ({
    name,
    kind,
    logical,
    nullable,
    optional,
  }));
  const fingerprint = hashKey(JSON.stringify(columns)) | 0;
  const append = compileAppend(reading, what);
  const item = compileItem(reading, what);
  return {
    what,
    columns,
    refined: reading.refined,
    parse: (item: unknown): unknown => parseItem(reading.node, item, what),
    pick: compilePick(reading, what),
    writer: (): BatchWriter => new ColumnarWriter({ fields: reading.fields, fingerprint, append }),
    reader: (): BatchReader => new ColumnarReader({ what, columns, fingerprint, item }),
  };
}
