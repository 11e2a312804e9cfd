import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { compileCodec } from "../../src/batch/mod.ts";
import { Format, Head, Part, recordAt } from "../../src/batch/layout.ts";

const schema = z.object({
  name: z.string(),
  kind: z.string(),
  n: z.number(),
  i: z.int32().nullable(),
  flag: z.boolean(),
  note: z.string().nullish(),
  json: z.unknown(),
});

const ROWS = 40;
const item = (row: number) => ({
  name: `née ${row}`,
  kind: row % 2 ? "odd" : "even",
  n: row / 3,
  i: row % 5 === 0 ? null : -row,
  flag: row % 3 === 0,
  ...(row % 4 === 0 ? {} : { note: row % 4 === 1 ? null : `note ${row}` }),
  json: { row },
});

/** The batch read as Arrow's specification says, by other code than the codec's. */
class ArrowView {
  readonly #buffer: ArrayBuffer;
  readonly words: DataView;

  constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer;
    this.words = new DataView(buffer);
  }

  word(word: number): number {
    return this.words.getInt32(word * 4, true);
  }

  bit(offset: number, row: number): boolean {
    return (this.words.getUint8(offset + Math.floor(row / 8)) & (1 << (row % 8))) !== 0;
  }

  text({ offsets, text }: { offsets: number; text: number }, row: number): string {
    const start = this.words.getInt32(offsets + row * 4, true);
    const end = this.words.getInt32(offsets + row * 4 + 4, true);
    return new TextDecoder().decode(new Uint8Array(this.#buffer, text + start, end - start));
  }
}

function write(): ArrowView {
  const writer = compileCodec(schema, { what: "material" }).writer();
  for (let row = 0; row < ROWS; row++) writer.append(item(row), `key ${row}`, row * 0x5000000);
  return new ArrowView(writer.seal());
}

describe("A batch", () => {
  it("lies in Arrow's layout", () => {
    const view = write();
    const part = (column: number, part: number) => view.word(recordAt(column) + part);
    assert.equal(view.word(Head.rows), ROWS);
    for (let row = 0; row < ROWS; row++) {
      const expected = item(row);
      const text = (column: number) => ({
        offsets: part(column, Part.values),
        text: part(column, Part.text),
      });
      assert.equal(view.words.getUint32(view.word(Head.hashes) + row * 4, true), row * 0x5000000);
      assert.equal(view.text(text(0), row), expected.name);
      const code = view.words.getUint8(part(1, Part.values) + row);
      const entries = { offsets: part(1, Part.entryOffsets), text: part(1, Part.text) };
      assert.equal(view.text(entries, code), expected.kind);
      assert.equal(view.words.getFloat64(part(2, Part.values) + row * 8, true), expected.n);
      assert.equal(view.bit(part(3, Part.validity), row), expected.i !== null);
      assert.equal(view.words.getInt32(part(3, Part.values) + row * 4, true), expected.i ?? 0);
      assert.equal(view.bit(part(4, Part.values), row), expected.flag);
      assert.equal(view.bit(part(5, Part.validity), row), typeof expected.note === "string");
      assert.equal(view.bit(part(5, Part.missing), row), !("note" in expected));
      assert.equal(view.text(text(5), row), expected.note ?? "");
      assert.equal(view.text(text(6), row), JSON.stringify(expected.json));
      assert.equal(view.text(text(7), row), `key ${row}`);
    }
  });

  it("begins every part at a multiple of 64 bytes, apart from all others", () => {
    const view = write();
    const parts = [[view.word(Head.hashes), ROWS * 4]];
    for (let column = 0; column <= 7; column++) {
      const at = recordAt(column);
      for (const word of [Part.validity, Part.missing, Part.values, Part.text, Part.entryOffsets]) {
        if (view.word(at + word) !== 0) parts.push([view.word(at + word), 1]);
      }
    }
    const offsets = parts.map(([offset]) => offset);
    assert.ok(offsets.every((offset) => offset % 64 === 0 && offset < view.word(Head.used)), `${offsets}`);
    assert.equal(new Set(offsets).size, offsets.length);
  });

  it("has no validity bitmap where every row has a value", () => {
    const writer = compileCodec(schema, { what: "material" }).writer();
    writer.append({ ...item(7), note: "" }, "k", 1);
    const view = new ArrowView(writer.seal());
    for (let column = 0; column < 7; column++) assert.equal(view.word(recordAt(column) + Part.validity), 0);
  });

  it("says how its strings are encoded", () => {
    const codec = compileCodec(z.object({ text: z.string() }), { what: "material" });
    const texts = [["plain", Format.ascii], ["née", Format.utf8], ["a \ud83c half", Format.wtf8], [
      "",
      Format.ascii,
    ]];
    for (const [text, format] of texts) {
      const writer = codec.writer();
      writer.append({ text: "ascii" }, "k", 1);
      writer.append({ text }, "k", 1);
      assert.equal(new ArrowView(writer.seal()).word(recordAt(0) + Part.format), format);
    }
  });
});
