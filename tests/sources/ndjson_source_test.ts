import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { OptionsError, SourceError, systemClock } from "../../src/core/mod.ts";
import { ITEM_BYTES, SOURCE_ITEMS } from "../../src/core/limits.ts";
import { ndjson, type SourceChunk } from "../../src/sources/mod.ts";
import { testSource } from "../../src/testing/source_conformance.ts";
import { readAll, scratchDirectory } from "./scratch.ts";
import { sourceContext } from "./source_context.ts";

const directory = scratchDirectory();
let files = 0;

/** A file with this content, under a name that no other test has. */
function file(content: string | Uint8Array, name: string = `${files++}.ndjson`): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function read(path: string, offset?: unknown): Promise<SourceChunk[]> {
  const reader = await ndjson({ path }).open(sourceContext({ offset }));
  try {
    return await readAll(reader);
  } finally {
    await reader.close();
  }
}

const itemsOf = (chunks: readonly SourceChunk[]) => chunks.flatMap(({ items }) => items);
const rejectionsOf = (chunks: readonly SourceChunk[]) => chunks.flatMap(({ rejections }) => rejections ?? []);
const lines = (items: readonly unknown[]) => items.map((item) => `${JSON.stringify(item)}\n`).join("");

testSource("ndjson() of a file", {
  holding: (items) => ndjson({ path: file(lines(items), "conformance.ndjson") }),
  spoilt: (items) =>
    ndjson({ path: file(items.map((item) => `oops\n${JSON.stringify(item)}\n`).join("") + "{") }),
  waiting: () => ndjson({ path: file(""), follow: true }),
});

describe("ndjson()", () => {
  it("refuses a path that is none", () => {
    assert.throws(() => ndjson({ path: "" }), OptionsError);
    assert.throws(() => ndjson({ path: 7 as unknown as string }), OptionsError);
  });

  it("reads the factory's input when it has no path of its own", async () => {
    const input = file('{"a":1}\n');
    const reader = await ndjson().open(sourceContext({ input }));
    assert.deepEqual(itemsOf(await readAll(reader)), [{ a: 1 }]);
  });

  for (
    const [what, content] of [
      ["a last line without newline", '{"a":1}\n{"a":2}'],
      ["carriage returns", '{"a":1}\r\n{"a":2}\r\n'],
      ["a byte order mark", '\ufeff{"a":1}\n{"a":2}\n'],
      ["blank lines", '\n{"a":1}\n  \t\n\r\n{"a":2}\n\n\n'],
    ]
  ) {
    it(`takes ${what} as it comes`, async () => {
      const chunks = await read(file(content));
      assert.deepEqual(itemsOf(chunks), [{ a: 1 }, { a: 2 }]);
      assert.deepEqual(rejectionsOf(chunks), []);
    });
  }

  it("reads lines that are longer than what is read at once", async () => {
    const items = [{ a: "x".repeat(1_000_000) }, { a: "é".repeat(300_000) }, { a: 3 }];
    assert.deepEqual(itemsOf(await read(file(lines(items)))), items);
  });

  it("rejects each broken line with its number, what it found and where", async () => {
    const path = file('{"a":1}\n\n{"a":}\n{"a":2}\n{"a":3');
    assert.deepEqual(rejectionsOf(await read(path)), [
      { place: `line 3 of ${path}`, reason: 'not JSON: found "}" at column 6, where a value was wanted' },
      { place: `line 5 of ${path}`, reason: 'not JSON: it ends at column 7, where "," or "}" was wanted' },
    ]);
  });

  it("rejects two halves of an object on two lines", async () => {
    const chunks = await read(file('{"a":1}\n{"a":2\n"b":3}\n{"a":4}\n'));
    assert.deepEqual(itemsOf(chunks), [{ a: 1 }, { a: 4 }]);
    assert.equal(rejectionsOf(chunks).length, 2);
  });

  it("rejects a line that is not UTF-8, and only that", async () => {
    const path = file(
      new Uint8Array([...Buffer.from('{"a":"é"}\n{"a":"'), 0xc3, 0x28, ...Buffer.from('"}\n{"a":2}')]),
    );
    const chunks = await read(path);
    assert.deepEqual(itemsOf(chunks), [{ a: "é" }, { a: 2 }]);
    assert.deepEqual(rejectionsOf(chunks), [{ place: `line 2 of ${path}`, reason: "not UTF-8" }]);
  });

  it("rejects a line that is larger than an item may be", async () => {
    const path = file(`{"a":1}\n"${"x".repeat(ITEM_BYTES)}"\n{"a":2}\n`);
    const chunks = await read(path);
    assert.deepEqual(itemsOf(chunks), [{ a: 1 }, { a: 2 }]);
    const [{ place, reason }] = rejectionsOf(chunks);
    assert.equal(place, `line 2 of ${path}`);
    assert.match(reason, /16777218 bytes, more than the 16777216/);
  });

  it("names the line of an item behind lines that brought none", async () => {
    const path = file('{"a":1}\n\noops\n{"a":2}\n');
    const [chunk] = await read(path);
    assert.equal(chunk.place?.(0), `line 1 of ${path}`);
    assert.equal(chunk.place?.(1), `line 4 of ${path}`);
  });

  it("goes on counting lines after a restart", async () => {
    const path = file(lines(Array.from({ length: SOURCE_ITEMS + 1 }, (_, a) => ({ a }))) + "oops\n");
    const [first] = await read(path);
    const [rest] = await read(path, first.offset);
    assert.equal(rest.place?.(0), `line ${SOURCE_ITEMS + 1} of ${path}`);
    assert.equal(rest.rejections?.[0].place, `line ${SOURCE_ITEMS + 2} of ${path}`);
  });

  it("goes on right behind any item, whatever stands between the lines", async () => {
    const path = file(
      "\ufeff" + Array.from({ length: 3 * SOURCE_ITEMS }, (_, a) => {
        const noise = ["", "\n", "oops\n", " \r\n"][a % 4];
        return `${noise}{"a":${a},"text":"${"é".repeat(a % 5)}"}${a % 3 ? "\n" : "\r\n"}`;
      }).join(""),
    );
    const chunks = await read(path);
    const items = itemsOf(chunks);
    assert.equal(items.length, 3 * SOURCE_ITEMS);
    let brought = 0;
    for (const chunk of chunks) {
      brought += chunk.items.length;
      assert.deepEqual(itemsOf(await read(path, chunk.offset)), items.slice(brought));
    }
  });

  it("takes a plain number of bytes as an offset", async () => {
    const path = file('{"a":1}\n{"a":2}\noops\n');
    const chunks = await read(path, 8);
    assert.deepEqual(itemsOf(chunks), [{ a: 2 }]);
    assert.equal(rejectionsOf(chunks)[0].place, `line 2 of ${path}, counted from byte 8`);
  });

  it("starts at the beginning of another file, and says so", async () => {
    const [{ offset }] = await read(file('{"a":1}\n'));
    const other = file('{"b":1}\n{"b":2}\n');
    const reader = await ndjson({ path: other }).open(sourceContext({ offset }));
    assert.equal(reader.resumed, false);
    assert.deepEqual(itemsOf(await readAll(reader)), [{ b: 1 }, { b: 2 }]);
  });

  it("goes on when the last line has got its newline, and more, since", async () => {
    const path = file('{"a":1}\n{"a":2}');
    const chunks = await read(path);
    appendFileSync(path, '\n{"a":3}\n');
    assert.deepEqual(itemsOf(await read(path, chunks.at(-1)?.offset)), [{ a: 3 }]);
  });

  it("refuses to go on in a file that was rewritten", async () => {
    const path = file('{"a":1}\n{"a":2}\n');
    const [{ offset }] = await read(path);
    file('{"a":1,"b":2}\n{"a":3}\n{"a":3}\n', path.slice(directory.length + 1));
    await assert.rejects(read(path, offset), /no line starts at byte 16/);
    truncateSync(path, 3);
    await assert.rejects(read(path, offset), /has 3 bytes, fewer than the 16/);
  });

  it("refuses an offset that is none", async () => {
    const path = file('{"a":1}\n');
    for (const offset of ["8", -1, 1.5, { line: 3 }, { bytes: null }]) {
      await assert.rejects(read(path, offset), SourceError);
    }
  });

  it("names the path when the file is missing or a directory", async () => {
    const missing = join(directory, "missing.ndjson");
    await assert.rejects(
      read(missing),
      (error: SourceError) =>
        error instanceof SourceError && error.fields.path === missing &&
        error.message.includes("no such file"),
    );
    const folder = join(directory, "folder");
    mkdirSync(folder);
    await assert.rejects(
      read(folder),
      (error: SourceError) =>
        error instanceof SourceError && error.message.includes(folder) && error.message.includes("directory"),
    );
  });

  it("follows a file that grows, line by line", async () => {
    const path = file('{"a":1}\n{"a":');
    const reader = await ndjson({ path, follow: true }).open(sourceContext());
    assert.deepEqual((await reader.read())?.items, [{ a: 1 }]);
    const second = reader.read();
    appendFileSync(path, "2}\n");
    assert.deepEqual((await second)?.items, [{ a: 2 }]);
    await reader.close();
  });

  it("fails when a file that it follows is cut", async () => {
    const path = file('{"a":1}\n{"a":2}\n');
    const reader = await ndjson({ path, follow: true }).open(sourceContext({ clock: systemClock }));
    await reader.read();
    truncateSync(path, 8);
    await assert.rejects(reader.read(), /was cut to 8 bytes/);
    await reader.close();
  });
});
