import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { compileCodec } from "../../src/batch/mod.ts";
import { Head } from "../../src/batch/layout.ts";

const schema = z.object({ n: z.number(), device: z.string(), site: z.string(), note: z.string().nullable() });
const codec = compileCodec(schema, { what: "material" });
type Item = z.infer<typeof schema>;

/** Writes 100 items and reads their keys; answers which column is the key. */
function keyColumn(keyOf: (item: Item, row: number) => string, writer = codec.writer()): number {
  const items = Array.from({ length: 100 }, (_, n): Item => ({
    n,
    device: `sensor-${n % 30}`,
    site: `site-${n % 3}`,
    note: n % 2 ? null : "",
  }));
  items.forEach((item, row) => writer.append(item, keyOf(item, row), row));
  const buffer = writer.seal();
  const reader = codec.reader();
  reader.load(buffer);
  items.forEach((item, row) => {
    const key = keyOf(item, row);
    assert.equal(reader.keyIs(row, key), true);
    assert.equal(reader.keyIs(row, `${key} `), false);
    if (key !== "") assert.equal(reader.keyIs(row, key.slice(0, -1)), false);
    assert.equal(reader.keyIs(row, `~${key.slice(1)}`), false);
    assert.equal(reader.key(row), key);
    assert.deepEqual(reader.item(row), item);
  });
  return new Int32Array(buffer)[Head.keyColumn];
}

describe("The key", () => {
  it("is not written again when it is a field of strings", () => {
    assert.equal(keyColumn(({ device }) => device), 1);
  });

  it("may be a field with a dictionary", () => {
    assert.equal(keyColumn(({ site }) => site), 2);
  });

  it("is the field when equal, not only when the same string", () => {
    assert.equal(keyColumn(({ device }) => ["sensor", device.slice(7)].join("-")), 1);
  });

  it("has a column of its own when one row's key is something else", () => {
    assert.equal(keyColumn(({ device }, row) => row === 99 ? "other" : device), -1);
    assert.equal(keyColumn(({ device }, row) => row === 0 ? "other" : device), -1);
    assert.equal(keyColumn(({ site, device }) => `${site}/${device}`), -1);
  });

  it("is no field that may be null or is no string", () => {
    assert.equal(keyColumn(({ n }) => String(n)), -1);
    assert.equal(keyColumn(({ note }) => note ?? ""), -1);
  });

  it("is looked for in every batch anew", () => {
    const writer = codec.writer();
    const device = ({ device }: Item) => device;
    const site = ({ site }: Item) => site;
    const found = [device, device, site, () => "all", () => "", site, device].map((keyOf) =>
      keyColumn(keyOf, writer)
    );
    assert.deepEqual(found, [1, 1, 2, -1, -1, 2, 1]);
  });

  it("forgets the rows that made it another once they are truncated", () => {
    const writer = codec.writer();
    const item = { n: 1, device: "d", site: "s", note: null };
    writer.append(item, "d", 1);
    writer.append(item, "other", 1);
    writer.truncate(1);
    assert.equal(new Int32Array(writer.seal())[Head.keyColumn], 1);
  });

  it("is of the batch that is loaded, not of the one before", () => {
    const writer = codec.writer();
    const reader = codec.reader();
    for (const device of ["first", "second"]) {
      writer.append({ n: 1, device, site: "s", note: null }, device, 1);
      reader.load(writer.seal());
      assert.equal(reader.key(0), device);
      assert.equal((reader.item(0) as Item).device, device);
    }
  });

  it("keeps its hash as an unsigned integer", () => {
    const writer = codec.writer();
    const item = { n: 1, device: "d", site: "s", note: null };
    for (const hash of [0, 1, 0x7fffffff, 0x80000000, 0xffffffff]) writer.append(item, "d", hash);
    const reader = codec.reader();
    reader.load(writer.seal());
    assert.deepEqual([0, 1, 2, 3, 4].map((row) => reader.hash(row)), [
      0,
      1,
      0x7fffffff,
      0x80000000,
      0xffffffff,
    ]);
  });

  it("is handed out as the string that it was compared with", () => {
    const writer = codec.writer();
    const reader = codec.reader();
    for (const device of ["née", "a \ud83c half", "plain"]) {
      writer.append({ n: 1, device, site: "s", note: null }, device, 1);
    }
    reader.load(writer.seal());
    assert.equal(reader.keyIs(1, "a \ud83c half"), true);
    assert.equal(reader.keyIs(1, "a \ufffd half"), false);
    assert.equal(reader.keyIs(2, "plain"), true);
    assert.equal(reader.key(0), "née");
    assert.equal((reader.item(1) as Item).device, "a \ud83c half");
    assert.equal((reader.item(2) as Item).device, "plain");
  });

  it("is a field's only as long as it is so in every row, and otherwise nothing of it is lost", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("device", "site", "own"), fc.nat(3)), { maxLength: 40 }),
        (rows) => {
          const writer = codec.writer();
          const reader = codec.reader();
          const kept: { item: Item; key: string }[] = [];
          for (const [field, back] of rows) {
            const item = { n: kept.length, device: `d${back}`, site: `s${back}`, note: null };
            const key = field === "own" ? `${item.device}:${item.site}` : item[field as "device" | "site"];
            if (back === 3) {
              writer.truncate(Math.max(0, kept.length - 2));
              kept.splice(Math.max(0, kept.length - 2));
            }
            writer.append(item, key, 1);
            kept.push({ item, key });
          }
          reader.load(writer.seal());
          assert.deepEqual(kept.map((_, row) => ({ item: reader.item(row), key: reader.key(row) })), kept);
        },
      ),
      { numRuns: 300 },
    );
  });
});
