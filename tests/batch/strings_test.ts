import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { compileCodec } from "../../src/batch/mod.ts";
import { Interns } from "../../src/batch/interns.ts";
import { Part, recordAt } from "../../src/batch/layout.ts";
import { readWtf8, wtf8Bytes } from "../../src/batch/wtf8.ts";
import { texts } from "./arbitraries.ts";

const codec = compileCodec(z.object({ text: z.string() }), { what: "material" });

/** Writes and reads strings; answers how many the batch's dictionary has, 0 without one. */
function entriesOf(values: readonly string[], writer = codec.writer(), reader = codec.reader()): number {
  for (const text of values) writer.append({ text }, "k", 1);
  const buffer = writer.seal();
  reader.load(buffer);
  assert.deepEqual(values.map((_, row) => (reader.item(row) as { text: string }).text), values);
  return new Int32Array(buffer)[recordAt(0) + Part.entries];
}

const repeat = (count: number, distinct: number, prefix = "v") =>
  Array.from({ length: count }, (_, i) => `${prefix}${i % distinct}`);

describe("Strings", () => {
  it("come back unit by unit, in batches of any mixture", () => {
    fc.assert(fc.property(fc.array(texts, { maxLength: 60 }), (values) => void entriesOf(values)), {
      numRuns: 500,
    });
  });

  it("come back whatever the length", () => {
    for (const unit of ["x", "é", "日", "🏭", "\udc00"]) {
      for (const length of [0, 1, 2, 3, 4, 5, 11, 24, 25, 39, 40, 41, 47, 48, 49, 255, 257, 5_000, 100_000]) {
        entriesOf([unit.repeat(length), "", unit]);
      }
    }
  });

  it("of two do not join their surrogates", () => {
    entriesOf(["a\ud83c", "\udfedb", "\ud83c\udfed"]);
    entriesOf(["\ud83c".repeat(100), "\udfed".repeat(100)]);
  });

  it("are seen apart though they share a place among the interns", () => {
    const many = Array.from({ length: 60_000 }, (_, i) => `sensor-${i}`);
    const reader = codec.reader();
    for (let i = 0; i < many.length; i += 2_000) entriesOf(many.slice(i, i + 2_000), undefined, reader);
    for (let i = 0; i < many.length; i += 6_000) entriesOf(many.slice(i, i + 2_000), undefined, reader);
  });

  it("are measured as they are encoded", () => {
    fc.assert(fc.property(texts, (text) => {
      const writer = codec.writer();
      writer.append({ text }, "k", 1);
      const buffer = writer.seal();
      const words = new Int32Array(buffer);
      const bytes = words[recordAt(0) + Part.textBytes];
      const start = words[recordAt(0) + Part.text];
      assert.equal(wtf8Bytes(text), bytes);
      assert.equal(readWtf8(new Uint8Array(buffer), start, start + bytes), text);
      if (text.isWellFormed()) {
        assert.deepEqual(new Uint8Array(buffer, start, bytes), new TextEncoder().encode(text));
      }
    }));
  });
});

describe("Interns.find()", () => {
  it("finds the bytes that were kept, of the same length and format, and no others", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 40 }), fc.nat({ max: 2 }), (bytes, format) => {
        const interns = new Interns();
        const view = new DataView(bytes.slice().buffer);
        const { length } = bytes;
        assert.equal(interns.find(view, { start: 0, length, format }), undefined);
        interns.keep("kept", view, { start: 0, length, format });
        assert.equal(interns.find(view, { start: 0, length, format }), "kept");
        assert.equal(interns.find(view, { start: 0, length, format: (format + 1) % 3 }), undefined);
        assert.equal(interns.find(view, { start: 0, length: length - 1, format }), undefined);
        for (let at = 0; at < length; at++) {
          view.setUint8(at, bytes[at] ^ 1);
          assert.equal(interns.find(view, { start: 0, length, format }), undefined);
          view.setUint8(at, bytes[at]);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("A dictionary", () => {
  it("is used where strings repeat", () => {
    assert.equal(entriesOf(repeat(1_000, 10)), 10);
    assert.equal(entriesOf(repeat(2_000, 256)), 256);
    assert.equal(entriesOf(Array(50).fill("")), 1);
    assert.equal(entriesOf(repeat(400, 7, "日本\ud800")), 7);
  });

  it("is not used where they don't", () => {
    assert.equal(entriesOf(repeat(1_000, 1_000)), 0);
    assert.equal(entriesOf(repeat(2_000, 257)), 0);
    assert.equal(entriesOf(repeat(100, 26)), 0);
    assert.equal(entriesOf(repeat(15, 1)), 0);
    assert.equal(entriesOf(Array(100).fill("x".repeat(65))), 0);
  });

  it("is tried again some batches after it did not pay", () => {
    const writer = codec.writer();
    assert.equal(entriesOf(repeat(1_000, 1_000), writer), 0);
    const later = Array.from({ length: 20 }, () => entriesOf(repeat(1_000, 10), writer));
    assert.deepEqual(later, [...Array(15).fill(0), ...Array(5).fill(10)]);
  });

  it("has nothing of the batch before", () => {
    const writer = codec.writer();
    assert.equal(entriesOf(repeat(100, 10, "a"), writer), 10);
    assert.equal(entriesOf(repeat(100, 10, "b"), writer), 10);
  });

  it("takes null as it comes", () => {
    const nullable = compileCodec(z.object({ text: z.string().nullish() }), { what: "material" });
    const writer = nullable.writer();
    const items = Array.from({ length: 60 }, (_, i) => i % 3 ? { text: i % 3 === 1 ? "a" : null } : {});
    for (const item of items) writer.append(item, "k", 1);
    const reader = nullable.reader();
    reader.load(writer.seal());
    assert.deepEqual(items.map((_, row) => reader.item(row)), items);
  });
});
