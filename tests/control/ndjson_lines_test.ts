import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Line, readLines } from "../../src/control/ndjson_lines.ts";
import { Problem } from "../../src/control/problem.ts";

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (let i = 0; start < bytes.length; i++) {
    const end = start + sizes[i % sizes.length];
    yield await Promise.resolve(bytes.subarray(start, end));
    start = end;
  }
}

const collect = async (bytes: Uint8Array, { sizes = [1], lineBytes = 1_000 } = {}): Promise<Line[]> =>
  (await Array.fromAsync(readLines(cut(bytes, sizes), lineBytes))).flat();

const encode = (text: string) => new TextEncoder().encode(text);

describe("readLines()", () => {
  it("finds the same lines wherever the body is cut", async () => {
    const line = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("", " ", "\t\r", "é😀", '{"a":1}\r'),
    )
      .map((text) => text.replaceAll("\n", ""));
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    await fc.assert(fc.asyncProperty(fc.array(line), fc.boolean(), sizes, async (lines, ended, sizes) => {
      const bytes = encode(lines.join("\n") + (ended ? "\n" : ""));
      const expected = lines.filter((text) => text.trim() !== "");
      const found = await collect(bytes, { sizes });
      // A byte order mark may be dropped where a block begins.
      const bare = (text: Line) => String(text).replaceAll("\ufeff", "");
      assert.deepEqual(found.map(bare), expected.map(bare));
    }));
  });

  it("tells lines that are not UTF-8 from those around them", async () => {
    const bytes = Uint8Array.from([...encode("1\n"), 0xff, 0xfe, 10, 10, ...encode('"é"\n'), 0xc3]);
    for (const size of [1, 2, 5, 100]) {
      assert.deepEqual(
        await collect(bytes, { sizes: [size] }),
        ["1", { problem: "not UTF-8" }, '"é"', { problem: "not UTF-8" }],
      );
    }
  });

  it("refuses a line that is too long, however it comes", async () => {
    const isTooLarge = (error: unknown) => error instanceof Problem && error.status === 413;
    for (const size of [1, 7, 1_000]) {
      const options = { sizes: [size], lineBytes: 10 };
      assert.deepEqual(await collect(encode("0123456789\n9876543210"), options), [
        "0123456789",
        "9876543210",
      ]);
      await assert.rejects(collect(encode("1\n2\n01234567890\n3\n"), options), isTooLarge);
      await assert.rejects(collect(encode("1\n2\n01234567890"), options), isTooLarge);
      await assert.rejects(collect(encode("\xff\n\xe9\xe9\xe9\xe9\xe9\xe9\n"), options), isTooLarge);
    }
  });
});
