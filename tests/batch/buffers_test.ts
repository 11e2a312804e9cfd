import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { MessageChannel } from "node:worker_threads";
import fc from "fast-check";
import { z } from "zod";
import { type BatchReader, compileCodec } from "../../src/batch/mod.ts";
import { BATCH_BYTES } from "../../src/core/limits.ts";
import { ItemError } from "../../src/core/mod.ts";
import { Head, Part, PART_WORDS, recordAt } from "../../src/batch/layout.ts";

const schema = z.object({
  name: z.string(),
  type: z.string().nullish(),
  n: z.number(),
  i: z.int32().optional(),
  flag: z.boolean().nullable(),
  json: z.array(z.int()),
});
const codec = compileCodec(schema, { what: "material" });

function batch(rows: number, { key = (row: number) => `key ${row}` } = {}): ArrayBuffer {
  const writer = codec.writer();
  for (let row = 0; row < rows; row++) {
    writer.append(
      { name: `n${row}`, type: row % 3 ? "t" : null, n: row, flag: null, json: [row] },
      key(row),
      row,
    );
  }
  return writer.seal();
}

function refused(reader: BatchReader, buffer: ArrayBuffer, reason: RegExp): void {
  assert.throws(() => reader.load(buffer), (error) => {
    assert.ok(error instanceof ItemError);
    assert.equal(error.code, "BATCH_INVALID");
    assert.ok(error.message.startsWith("material: the buffer is no batch of this schema: "), error.message);
    assert.match(error.message, reason);
    return true;
  });
  assert.equal(reader.rows, 0);
}

describe("BatchReader.load() refuses", () => {
  const reader = codec.reader();

  it("what is no ArrayBuffer", () => {
    refused(reader, undefined as unknown as ArrayBuffer, /it is no ArrayBuffer/);
    refused(reader, new Uint8Array(1_000) as unknown as ArrayBuffer, /it is no ArrayBuffer/);
  });

  it("buffers that are too short, detached or foreign", () => {
    refused(reader, new ArrayBuffer(0), /it has only 0 bytes/);
    refused(reader, batch(3).slice(0, 100), /it has only 100 bytes/);
    refused(reader, new ArrayBuffer(4_096), /it does not begin as one/);
    const spent = batch(3);
    structuredClone(spent, { transfer: [spent] });
    refused(reader, spent, /it has only 0 bytes/);
  });

  it("batches of another schema", () => {
    const other = compileCodec(schema.extend({ i: z.int() }), { what: "other" });
    const writer = other.writer();
    writer.append({ name: "", n: 1, i: 1, flag: true, json: [] }, "k", 1);
    refused(reader, writer.seal(), /it was written with another schema/);
  });

  it("batches that were cut off", () => {
    const whole = batch(500);
    const used = new Int32Array(whole)[Head.used];
    refused(reader, whole.slice(0, used - 64), /bytes were written, \d+ are there/);
    reader.load(whole.slice(0, used));
    assert.equal(reader.rows, 500);
  });

  it("heads that contradict themselves", () => {
    const damage = (word: number, value: number, reason: RegExp) => {
      const buffer = batch(100);
      new Int32Array(buffer)[word] = value;
      refused(reader, buffer, reason);
    };
    damage(Head.rows, -1, /it says that it has -1 rows/);
    damage(Head.rows, 1e9, /a part of 4000000000 bytes can't be at/);
    damage(Head.rows, 120, /./);
    damage(Head.hashes, 0, /can't be at 0/);
    damage(Head.hashes, 1, /can't be at 1/);
    damage(Head.keyColumn, 2, /its key is in no column of strings/);
    damage(Head.keyColumn, 99, /its key is in no column of strings/);
    damage(recordAt(0) + Part.values, -64, /can't be at -64/);
    damage(recordAt(0) + Part.textBytes, -1, /a part of -1 bytes/);
    damage(recordAt(0) + Part.textBytes, 5, /its strings are cut off/);
    damage(recordAt(0) + Part.format, 3, /encoded in an unknown way/);
    damage(recordAt(1) + Part.entries, 1, /./);
    damage(recordAt(1) + Part.entries, -5, /./);
  });

  it("strings that overlap or are in no dictionary", () => {
    const overlapping = batch(100);
    const words = new Int32Array(overlapping);
    words[words[recordAt(0) + Part.values] / 4 + 50] = 1e6;
    refused(reader, overlapping, /its strings overlap/);
    const strange = batch(100);
    new Uint8Array(strange)[new Int32Array(strange)[recordAt(1) + Part.values] + 7] = 200;
    refused(reader, strange, /a row's string is not in the dictionary/);
  });

  it("values that are no JSON, when they are read", () => {
    const buffer = batch(1);
    new Uint8Array(buffer)[new Int32Array(buffer)[recordAt(5) + Part.text]] = 0x7b;
    reader.load(buffer);
    assert.throws(() => reader.item(0), /^ItemError: .* a value is no JSON$/);
  });

  it("garbage of any kind, or reads something of the right shape", () => {
    const sane = batch(60);
    const used = new Int32Array(sane)[Head.used];
    const spots = fc.oneof(fc.nat({ max: used - 1 }), fc.nat({ max: (recordAt(0) + 7 * PART_WORDS) * 4 }));
    const damages = fc.array(fc.tuple(spots, fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(damages, (damages) => {
        const buffer = sane.slice(0);
        const bytes = new Uint8Array(buffer);
        for (const [at, byte] of damages) bytes[at] = byte;
        try {
          reader.load(buffer);
          for (let row = 0; row < reader.rows; row++) {
            const { name, n } = reader.item(row) as { name: unknown; n: unknown };
            assert.equal(typeof name, "string");
            assert.equal(typeof n, "number");
            assert.equal(typeof reader.key(row), "string");
            reader.keyIs(row, "key 5");
          }
        } catch (error) {
          assert.ok(error instanceof ItemError, String(error));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("nothing for having refused before", () => {
    refused(reader, new ArrayBuffer(4_096), /./);
    reader.load(batch(2));
    assert.equal(reader.key(1), "key 1");
  });
});

describe("BatchWriter.seal()", () => {
  it("makes buffers of few sizes, and a full batch with its head fits one of them well", () => {
    const sizes = new Set<number>();
    const writer = codec.writer();
    const reader = codec.reader();
    for (let rows = 0; rows < 3_000; rows += 37) {
      while (writer.rows < rows) {
        writer.append({ name: "x".repeat(20), n: 1, flag: true, json: [1, 2] }, "k", 1);
      }
      const buffer = writer.seal();
      reader.load(buffer);
      assert.equal(reader.rows, rows);
      sizes.add(buffer.byteLength);
    }
    assert.ok(sizes.size <= 8, `${[...sizes]}`);
    assert.ok([...sizes].some((size) => size > BATCH_BYTES && size < 1.5 * BATCH_BYTES), `${[...sizes]}`);
  });

  it("uses a spent buffer that has about the right size, and no other", () => {
    const writer = codec.writer();
    const fill = () => writer.append({ name: "x", n: 1, flag: true, json: [] }, "k", 1);
    const right = new ArrayBuffer(10_240);
    fill();
    assert.equal(writer.seal(right), right);
    for (const wrong of [new ArrayBuffer(64), new ArrayBuffer(10_000_000), new ArrayBuffer(0)]) {
      fill();
      assert.notEqual(writer.seal(wrong), wrong);
    }
    structuredClone(right, { transfer: [right] });
    fill();
    const sealed = writer.seal(right);
    assert.notEqual(sealed, right);
    const reader = codec.reader();
    reader.load(sealed);
    assert.deepEqual(reader.item(0), { name: "x", n: 1, flag: true, json: [] });
  });

  it("makes a batch that can be transferred, read behind a port, and given back", async () => {
    const { port1, port2 } = new MessageChannel();
    const received = new Promise<ArrayBuffer>((resolve) => port2.once("message", resolve));
    const writer = codec.writer();
    writer.append({ name: "far", n: 1, flag: null, json: [1] }, "far", 7);
    const sent = writer.seal();
    port1.postMessage(sent, [sent]);
    assert.equal(sent.byteLength, 0);
    assert.equal(sent.detached, true);
    const reader = codec.reader();
    const arrived = await received;
    reader.load(arrived);
    assert.deepEqual(reader.item(0), { name: "far", n: 1, flag: null, json: [1] });
    assert.ok(reader.keyIs(0, "far"));
    const key = reader.key(0);
    const returned = new Promise<ArrayBuffer>((resolve) => port1.once("message", resolve));
    reader.unload();
    port2.postMessage(arrived, [arrived]);
    assert.equal(arrived.detached, true);
    assert.equal(key, "far");
    const spare = await returned;
    writer.append({ name: "again", n: 2, flag: true, json: [] }, "k", 1);
    assert.equal(writer.seal(spare), spare);
    port1.close();
    port2.close();
  });
});

describe("BatchReader", () => {
  it("copies what it gives out", () => {
    const buffer = batch(50);
    const reader = codec.reader();
    reader.load(buffer);
    const values = reader.column("n");
    const item = reader.item(3);
    new Uint8Array(buffer).fill(0xff);
    assert.deepEqual(item, { name: "n3", type: null, n: 3, flag: null, json: [3] });
    assert.equal(values[3], 3);
    assert.ok(values instanceof Float64Array && values.buffer !== buffer);
  });

  it("has no rows when it has let go of the buffer", () => {
    const reader = codec.reader();
    assert.equal(reader.rows, 0);
    reader.load(batch(50));
    reader.unload();
    assert.equal(reader.rows, 0);
    assert.deepEqual(Array.from(reader.column("n")), []);
  });

  it("knows no columns but the schema's", () => {
    assert.throws(
      () => codec.reader().column("nope"),
      /^RangeError: there is no column "nope", only name, type,/,
    );
  });

  it("gives out strings that keep no batch in memory", () => {
    const texts = compileCodec(z.object({ small: z.string(), large: z.string() }), { what: "material" });
    const writer = texts.writer();
    const reader = texts.reader();
    const large = "x".repeat(1_000_000);
    const kept: string[] = [];
    const before = process.memoryUsage();
    let spare: ArrayBuffer | undefined;
    for (let i = 0; i < 300; i++) {
      writer.append({ small: `a string of thirty characters ${i}`, large }, "k", 1);
      spare = writer.seal(spare);
      reader.load(spare);
      kept.push(reader.column("small")[0] as string);
      reader.unload();
    }
    const after = process.memoryUsage();
    const megabytes = (after.heapUsed + after.external - before.heapUsed - before.external) / 1e6;
    assert.equal(kept.length, 300);
    assert.ok(megabytes < 150, `${megabytes} MB for 300 small strings out of 300 MB`);
  });
});
