import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { StoreError } from "../../src/core/mod.ts";
import { openStore } from "../../src/store/mod.ts";
import { codecsOf } from "./readings.ts";
import { query, scratch } from "./scratch.ts";

const fresh = scratch();

/** Writes products through a schema, and returns the rows that are then in the table. */
function written(directory: string, schema: z.ZodType, products: unknown[]): Record<string, unknown>[] {
  using store = openStore({ directory, name: "shop", products: codecsOf({ thing: schema }) });
  store.inserter("thing").insert({ products, keys: products.map((_, n) => `key ${n}`), epoch: 1, at: 7 });
  return query(directory, "SELECT * FROM product_thing ORDER BY rowid");
}

describe("ProductInserter", () => {
  it("writes every kind of field as SQLite knows it", () => {
    const schema = z.object({
      number: z.number(),
      int: z.int(),
      yes: z.boolean(),
      text: z.string(),
      choice: z.enum(["a", "b"]),
      date: z.date(),
      list: z.array(z.number()),
      maybe: z.string().optional(),
      nothing: z.boolean().nullable(),
    });
    const product = {
      number: 0.5,
      int: 9_007_199_254_740_991,
      yes: true,
      text: 'für "日本"; --',
      choice: "b",
      date: new Date(1_700_000_000_000),
      list: [1, 2],
      nothing: null,
    };
    const directory = fresh();
    assert.deepEqual(written(directory, schema, [product]), [{
      number: 0.5,
      int: 9_007_199_254_740_991,
      yes: 1,
      text: 'für "日本"; --',
      choice: "b",
      date: 1_700_000_000_000,
      list: "[1,2]",
      maybe: null,
      nothing: null,
      _key: "key 0",
      _epoch: 1,
      _at: 7,
    }]);
    const types = query(directory, "SELECT name, type FROM pragma_table_info('product_thing')");
    assert.deepEqual(
      types.map(({ type }) => type).join(),
      "REAL,INTEGER,INTEGER,TEXT,TEXT,INTEGER,TEXT,TEXT,INTEGER,TEXT,INTEGER,INTEGER",
    );
  });

  it("writes numbers that SQLite lacks as NULL", () => {
    const [row] = written(fresh(), z.object({ n: z.number() }), [{ n: NaN }]);
    assert.equal(row.n, null);
  });

  it("writes a product that is no plain object into one column", () => {
    const schema = z.record(z.string(), z.number());
    assert.equal(written(fresh(), schema, [{ a: 1, b: 2 }])[0].value, '{"a":1,"b":2}');
  });

  it("writes any number of rows in their order", () => {
    const schema = z.object({ n: z.int(), text: z.string() });
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme-ascii" }), { maxLength: 200 }), (texts) => {
        const products = texts.map((text, n) => ({ n, text }));
        const rows = written(fresh(), schema, products);
        assert.deepEqual(rows.map(({ n, text }) => ({ n, text })), products);
        assert.deepEqual(rows.map(({ _key }) => _key), products.map((_, n) => `key ${n}`));
      }),
      { numRuns: 15 },
    );
  });

  it("writes products with more fields than one statement has room for in many rows", () => {
    const names = Array.from({ length: 1_500 }, (_, n) => `field${n}`);
    const schema = z.object(Object.fromEntries(names.map((name) => [name, z.int()])));
    const product = Object.fromEntries(names.map((name, n) => [name, n]));
    const rows = written(fresh(), schema, Array(50).fill(product));
    assert.equal(rows.length, 50);
    assert.equal(rows[49].field1499, 1_499);
  });

  it("writes all rows of a delivery or none, and leaves those before it alone", () => {
    const directory = fresh();
    using store = openStore({
      directory,
      name: "shop",
      products: codecsOf({ thing: z.object({ n: z.int() }) }),
    });
    const things = store.inserter("thing");
    const rows = (products: unknown[]) => ({ products, keys: products.map(String), epoch: 1, at: 1 });
    store.begin();
    things.insert(rows([{ n: 1 }, { n: 2 }]));
    // A boolean in a column of numbers does not bind.
    const broken = Array.from({ length: 100 }, (_, n) => ({ n: n < 99 ? n : true }));
    assert.throws(() => things.insert(rows(broken)), StoreError);
    things.insert(rows([{ n: 3 }]));
    store.commit({ epoch: 1, at: 1 });
    assert.deepEqual(query(directory, "SELECT n FROM product_thing"), [{ n: 1 }, { n: 2 }, { n: 3 }]);
  });
});

describe("Store.inserter()", () => {
  const base = z.object({ device: z.string(), celsius: z.number() });

  it("goes on with a table of the same schema", () => {
    const directory = fresh();
    written(directory, base, [{ device: "a", celsius: 1 }]);
    assert.equal(written(directory, base, [{ device: "b", celsius: 2 }]).length, 2);
  });

  it("adds fields that may be missing", () => {
    const directory = fresh();
    written(directory, base, [{ device: "a", celsius: 1 }]);
    const rows = written(
      directory,
      base.extend({ site: z.string().optional(), ok: z.boolean().nullable() }),
      [
        { device: "b", celsius: 2, site: "x", ok: true },
      ],
    );
    assert.deepEqual(rows.map(({ site, ok }) => [site, ok]), [[null, null], ["x", 1]]);
  });

  it("refuses a schema that the table doesn't fit, and names table and columns", () => {
    const directory = fresh();
    written(directory, base, [{ device: "a", celsius: 1 }]);
    const changed = z.object({ celsius: z.string(), site: z.string() });
    assert.throws(() => written(directory, changed, []), (error) => {
      assert.ok(error instanceof StoreError);
      assert.equal(error.code, "STORE_SCHEMA");
      assert.equal(error.fields.table, "product_thing");
      for (
        const part of [
          "product_thing",
          "product thing",
          "celsius is REAL and would have to be TEXT",
          "site (TEXT) is missing",
          "device is not in the schema",
        ]
      ) {
        assert.ok(error.message.includes(part), `${part} is missing from: ${error.message}`);
      }
      return true;
    });
    assert.equal(written(directory, base, []).length, 1);
  });

  it("refuses fields that would share a column", () => {
    for (const name of ["DEVICE", "_key", "_EPOCH"]) {
      const schema = base.extend({ [name]: z.string() });
      assert.throws(() => written(fresh(), schema, []), { code: "STORE_SCHEMA" });
    }
  });

  it("takes fields with any other name", () => {
    const name = 'a "quoted"; name -- with ünïcode';
    const [row] = written(fresh(), z.object({ [name]: z.int(), select: z.int() }), [{
      [name]: 1,
      select: 2,
    }]);
    assert.deepEqual([row[name], row.select], [1, 2]);
  });

  it("gives a table to one product type only", () => {
    const products = codecsOf({ thing: base, Thing: base });
    using store = openStore({ directory: fresh(), name: "shop", products });
    const things = store.inserter("thing");
    assert.throws(() => store.inserter("Thing"), { code: "STORE_TABLE" }); // SQLite's names don't differ by case
    things.close();
    store.inserter("Thing");
  });

  it("knows the product types that the store was opened with", () => {
    using store = openStore({ directory: fresh(), name: "shop" });
    assert.throws(() => store.inserter("thing"), { code: "STORE_TABLE" });
  });
});
