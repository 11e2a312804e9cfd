import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { LineSplitter, type Stretch } from "../../src/sources/line_splitter.ts";

/** Lines as texts; those that were too long as their lengths. */
function linesOf(stretches: readonly Stretch[]): (string | number)[] {
  return stretches.flatMap<string | number>((stretch) =>
    stretch.kind === "overlong" ? [stretch.length] : new TextDecoder().decode(stretch.bytes).split("\n")
  );
}

function split(
  text: string,
  { pieceBytes, lineBytes }: { pieceBytes: number; lineBytes: number },
): Stretch[] {
  const splitter = new LineSplitter(lineBytes);
  const stretches: Stretch[] = [];
  const bytes = new TextEncoder().encode(text);
  const piece = new Uint8Array(pieceBytes); // used again and again, as files do
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const some = bytes.subarray(at, at + pieceBytes);
    piece.set(some);
    for (const stretch of splitter.push(piece.subarray(0, some.length))) {
      stretches.push(stretch.kind === "lines" ? { ...stretch, bytes: stretch.bytes.slice() } : stretch);
    }
  }
  const last = splitter.end();
  return last ? [...stretches, last] : stretches;
}

describe("LineSplitter", () => {
  const texts = fc.array(fc.stringMatching(/^[a-z]{0,12}$/)).map((lines) => lines.join("\n"));

  it("finds the same lines wherever the pieces are cut", () => {
    fc.assert(fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, pieceBytes) => {
      const expected = text.split("\n");
      if (expected.at(-1) === "") expected.pop();
      assert.deepEqual(linesOf(split(text, { pieceBytes, lineBytes: 1_000 })), expected);
    }));
  });

  it("keeps nothing of lines that are too long but their length", () => {
    fc.assert(fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, pieceBytes) => {
      const expected = text.split("\n").map((line) => line.length > 8 ? line.length : line);
      if (expected.at(-1) === "") expected.pop();
      assert.deepEqual(linesOf(split(text, { pieceBytes, lineBytes: 8 })), expected);
    }));
  });

  it("tells whether the last line had a newline", () => {
    const newlines = (text: string) =>
      split(text, { pieceBytes: 100, lineBytes: 100 }).map(({ newline }) => newline);
    assert.deepEqual(newlines("a\nb\n"), [true]);
    assert.deepEqual(newlines("a\nb"), [true, false]);
  });
});
