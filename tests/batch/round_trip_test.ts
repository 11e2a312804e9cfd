import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { compileCodec } from "../../src/batch/mod.ts";
import type { ColumnarWriter } from "../../src/batch/writer.ts";
import { BATCH_ROWS } from "../../src/core/limits.ts";
import { hashes, jsonValues, keys, objectSamples } from "./arbitraries.ts";

interface Row {
  item: unknown;
  key: string;
  hash: number;
}

/** A schema and some rows for it. */
function tables(maxLength: number): fc.Arbitrary<{ schema: z.ZodType; rows: Row[] }> {
  return objectSamples().chain(({ schema, values }) =>
    fc.array(fc.record({ item: values, key: keys, hash: hashes }, { noNullPrototype: true }), { maxLength })
      .map((rows) => ({ schema, rows }))
  );
}

function assertRows(
  reader: ReturnType<ReturnType<typeof compileCodec>["reader"]>,
  rows: readonly Row[],
): void {
  assert.equal(reader.rows, rows.length);
  rows.forEach(({ item, key, hash }, row) => {
    assert.equal(reader.hash(row), hash);
    assert.equal(reader.keyIs(row, `${key}!`), false);
    if (row % 2 === 0) assert.equal(reader.keyIs(row, key), true);
    assert.deepEqual(reader.item(row), item);
    assert.equal(reader.key(row), key);
    assert.deepEqual(reader.item(row), item);
  });
}

describe("A codec", () => {
  it("gives back exactly what was appended, whatever the schema", () => {
    fc.assert(
      fc.property(tables(40), ({ schema, rows }) => {
        const codec = compileCodec(schema, { what: "material" });
        const writer = codec.writer();
        for (const { item, key, hash } of rows) writer.append(item, key, hash);
        assert.equal(writer.rows, rows.length);
        const reader = codec.reader();
        reader.load(writer.seal());
        assertRows(reader, rows);
      }),
      { numRuns: 300 },
    );
  });

  it("gives back columns with the values that the items have", () => {
    fc.assert(
      fc.property(tables(20), ({ schema, rows }) => {
        const codec = compileCodec(schema, { what: "material" });
        const writer = codec.writer();
        for (const { item, key, hash } of rows) writer.append(item, key, hash);
        const reader = codec.reader();
        reader.load(writer.seal());
        for (const { name } of codec.columns) {
          const values = rows.map(({ item }) => (item as Record<string, unknown>)[name]);
          assert.deepEqual(Array.from(reader.column(name)), values);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("gives back the fields in the schema's order, without those that it doesn't know", () => {
    const codec = compileCodec(z.object({ b: z.string(), a: z.number().optional(), c: z.boolean() }), {
      what: "material",
    });
    const writer = codec.writer();
    writer.append({ x: 1, c: true, a: 1, b: "b" }, "k", 1);
    writer.append({ c: true, b: "b" }, "k", 1);
    const reader = codec.reader();
    reader.load(writer.seal());
    assert.deepEqual(Object.keys(reader.item(0) as object), ["b", "a", "c"]);
    assert.deepEqual(Object.keys(reader.item(1) as object), ["b", "c"]);
  });

  it("tells null from missing, and takes undefined as missing", () => {
    const codec = compileCodec(z.object({ note: z.string().nullish() }), { what: "material" });
    const writer = codec.writer();
    for (const item of [{ note: "x" }, { note: null }, {}, { note: undefined }]) writer.append(item, "k", 1);
    const reader = codec.reader();
    reader.load(writer.seal());
    assert.deepEqual([0, 1, 2, 3].map(reader.item), [{ note: "x" }, { note: null }, {}, {}]);
  });

  it("carries items of any shape when the schema is no plain object", () => {
    const schemas = [z.unknown(), z.json(), z.looseObject({}), z.record(z.string(), z.unknown())];
    fc.assert(
      fc.property(fc.array(jsonValues), (items) => {
        for (const schema of schemas) {
          const fitting = items.filter((item) => schema.safeParse(item).success);
          const codec = compileCodec(schema, { what: "material" });
          const writer = codec.writer();
          for (const item of fitting) writer.append(item, "k", 1);
          const reader = codec.reader();
          reader.load(writer.seal());
          fitting.forEach((item, row) => assert.deepEqual(reader.item(row), item));
        }
      }),
      { numRuns: 100 },
    );
  });

  it("carries items without fields", () => {
    const codec = compileCodec(z.object({}), { what: "tick" });
    const writer = codec.writer();
    writer.append({ ignored: 1 }, "a", 7);
    writer.append({}, "b", 8);
    const reader = codec.reader();
    reader.load(writer.seal());
    assert.deepEqual([reader.item(0), reader.key(0), reader.hash(1), reader.key(1)], [{}, "a", 8, "b"]);
  });

  it("carries an empty batch", () => {
    const codec = compileCodec(z.object({ a: z.string(), b: z.boolean().nullish() }), { what: "material" });
    const reader = codec.reader();
    reader.load(codec.writer().seal());
    assert.equal(reader.rows, 0);
    assert.deepEqual(reader.column("a"), []);
  });
});

describe("BatchWriter", () => {
  type Step = { kind: "append"; row: number } | { kind: "misfit" } | { kind: "truncate"; share: number } | {
    kind: "seal";
    spare: boolean;
  };
  const steps: fc.Arbitrary<Step[]> = fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.record({ kind: fc.constant("append" as const), row: fc.nat({ max: 19 }) }) },
      fc.constant({ kind: "misfit" as const }),
      fc.record({
        kind: fc.constant("truncate" as const),
        share: fc.double({ min: 0, max: 1.2, noNaN: true }),
      }),
      fc.record({ kind: fc.constant("seal" as const), spare: fc.boolean() }),
    ),
    { maxLength: 200 },
  );

  it("forgets what was truncated or refused, over any number of batches and spent buffers", () => {
    fc.assert(
      fc.property(tables(20), steps, ({ schema, rows }, steps) => {
        const codec = compileCodec(schema, { what: "material" });
        const writer = codec.writer();
        const reader = codec.reader();
        let written: Row[] = [];
        let spent: ArrayBuffer | undefined;
        const seal = (spare?: ArrayBuffer) => {
          spent = writer.seal(spare);
          reader.load(spent);
          assertRows(reader, written);
          reader.unload();
          written = [];
          assert.equal(writer.rows, 0);
          assert.equal(writer.bytes, 0);
        };
        for (const step of steps) {
          if (step.kind === "append" && step.row < rows.length) {
            const { item, key, hash } = rows[step.row];
            writer.append(item, key, hash);
            written.push(rows[step.row]);
          } else if (step.kind === "misfit") {
            assert.throws(() => writer.append(17, "k", 1));
          } else if (step.kind === "truncate") {
            const left = Math.floor(step.share * written.length);
            writer.truncate(left);
            written = written.slice(0, left);
          } else if (step.kind === "seal") {
            seal(step.spare ? spent : undefined);
          }
          assert.equal(writer.rows, written.length);
        }
        seal();
      }),
      { numRuns: 150 },
    );
  });

  it("counts bytes about as many as the buffer will have", () => {
    const codec = compileCodec(z.object({ device: z.string(), type: z.string(), value: z.number() }), {
      what: "material",
    });
    const writer = codec.writer();
    const fill = () => {
      for (let i = 0; i < 2_000; i++) {
        writer.append(
          { device: `sensor-${i}`, type: i % 2 ? "temperature" : "humidity", value: i },
          `sensor-${i}`,
          i,
        );
      }
    };
    fill();
    const first = writer.bytes;
    const used = new Int32Array(writer.seal())[3];
    assert.ok(first >= used && first < 3 * used, `${first} for ${used}`);
    fill();
    assert.ok(Math.abs(writer.bytes - used) < used / 20, `${writer.bytes} for ${used}`);
    writer.truncate(1_000);
    assert.ok(Math.abs(writer.bytes - used / 2) < used / 20, `${writer.bytes} for half of ${used}`);
    writer.truncate(0);
    assert.equal(writer.bytes, 0);
  });

  it("does not take a small batch, mostly head and padding, for the next one's measure", () => {
    const codec = compileCodec(z.object({ n: z.number(), text: z.string() }), { what: "material" });
    const writer = codec.writer();
    const append = () => writer.append({ n: 1, text: "text" }, "k", 1);
    append();
    const one = writer.bytes;
    writer.seal();
    append();
    assert.equal(writer.bytes, one);
  });

  it("grows to one huge item, and its memory does not stay with it", () => {
    const codec = compileCodec(z.object({ text: z.string(), payload: z.unknown() }), { what: "material" });
    const writer = codec.writer();
    const reader = codec.reader();
    const huge = { text: "é" + "x".repeat(5_000_000), payload: { blob: "y".repeat(5_000_000) } };
    writer.append(huge, "k", 1);
    assert.ok(writer.bytes > 10_000_000);
    const spent = writer.seal();
    reader.load(spent);
    assert.deepEqual(reader.item(0), huge);
    writer.append({ text: "small", payload: 1 }, "k", 1);
    assert.ok(writer.bytes < 1_000);
    const next = writer.seal(spent);
    assert.notEqual(next, spent);
    assert.ok(next.byteLength < 100_000);
    reader.load(next);
    assert.deepEqual(reader.item(0), { text: "small", payload: 1 });
  });

  it("takes more rows than a batch should have, and gives the room back", () => {
    const codec = compileCodec(z.object({ n: z.int32(), even: z.boolean().optional() }), {
      what: "material",
    });
    const writer = codec.writer() as ColumnarWriter;
    const reader = codec.reader();
    for (const rows of [20_000, 10, 3_000]) {
      for (let n = 0; n < rows; n++) writer.append(n % 2 ? { n } : { n, even: true }, String(n), n);
      assert.ok(writer.capacity >= rows);
      reader.load(writer.seal());
      assert.ok(writer.capacity <= 2 * BATCH_ROWS);
      assert.equal(reader.rows, rows);
      for (let n = 0; n < rows; n += 7) {
        assert.deepEqual(reader.item(n), n % 2 ? { n } : { n, even: true });
        assert.equal(reader.key(n), String(n));
      }
    }
  });
});
