import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, describe, it } from "node:test";
import { z } from "zod";
import { compileCodec, type ProductCodec } from "../../src/batch/mod.ts";
import { OptionsError, SinkError } from "../../src/core/mod.ts";
import { sqlite } from "../../src/sinks/mod.ts";
import { openStore, type Store } from "../../src/store/mod.ts";
import { testSink, type TrialProduct } from "../../src/testing/sink_conformance.ts";
import { delivery, sinkContext } from "./deliveries.ts";
import { scratchDirectory } from "./scratch.ts";

const scratch = scratchDirectory();
const stores: Store[] = [];
after(() => stores.forEach((store) => store.close()));

function storeFor(products: ReadonlyMap<string, ProductCodec>): Store {
  const store = openStore({ directory: mkdtempSync(join(scratch, "data-")), name: "trial", products });
  stores.push(store);
  return store;
}

function rowsOf(store: Store, table: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(store.directory, "shopfloor.db"), { readOnly: true });
  try {
    return database.prepare(`SELECT * FROM ${table} ORDER BY rowid`).all().map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

testSink("sqlite()", (products) => {
  const store = storeFor(products);
  return {
    sink: sqlite(),
    store,
    arrived: (kind) =>
      rowsOf(store, `product_${kind}`).map(({ kind, number, text }) =>
        ({ kind, number, text }) as TrialProduct
      ),
  };
});

const schemas = {
  average: z.object({ device: z.string(), mean: z.number(), at: z.date().optional() }),
  alarm: z.object({ device: z.string() }),
};
const codecs = new Map(
  Object.entries(schemas).map(([type, schema]) => [type, compileCodec(schema, { what: `product ${type}` })]),
);

describe("sqlite()", () => {
  it("writes each type into its table, with key, epoch and time", async () => {
    const store = storeFor(codecs);
    const writer = await sqlite().open(sinkContext({ store, products: codecs }));
    store.begin();
    const products = [{ device: "a", mean: 1.5, at: new Date(7) }, { device: "b", mean: 2 }];
    await writer.write(delivery(products, { type: "average", keys: ["a", "b"] }));
    store.commit({ epoch: 3, at: 5 });
    assert.deepEqual(rowsOf(store, "product_average"), [
      { device: "a", mean: 1.5, at: 7, _key: "a", _epoch: 3, _at: 1_700_000_000_000 },
      { device: "b", mean: 2, at: null, _key: "b", _epoch: 3, _at: 1_700_000_000_000 },
    ]);
    assert.deepEqual(rowsOf(store, "product_alarm"), []);
    await writer.close();
  });

  it("writes into the table that it is told", async () => {
    const store = storeFor(codecs);
    const products = new Map([["alarm", codecs.get("alarm")!]]);
    const writer = await sqlite({ table: "alarms" }).open(sinkContext({ store, products }));
    await writer.write(delivery([{ device: "a" }], { type: "alarm" }));
    assert.equal(rowsOf(store, "alarms").length, 1);
    await writer.close();
  });

  it("refuses one table for two product types, and says what to do", () => {
    const store = storeFor(codecs);
    assert.throws(
      () => sqlite({ table: "all" }).open(sinkContext({ store, products: codecs })),
      (error) =>
        error instanceof SinkError && error.fields.final === true &&
        /average, alarm.*of its own/.test(error.message),
    );
    const only = (type: string) => sinkContext({ store, products: new Map([[type, codecs.get(type)!]]) });
    sqlite({ table: "all" }).open(only("alarm"));
    assert.throws(
      () => sqlite({ table: "All" }).open(only("average")),
      (error) =>
        error instanceof SinkError && error.fields.final === true &&
        /products alarm go into it already/.test(error.message),
    );
  });

  it("can be opened again once it is closed", async () => {
    const store = storeFor(codecs);
    const context = sinkContext({ store, products: codecs });
    const writer = await sqlite().open(context);
    assert.throws(() => sqlite().open(context), SinkError);
    await writer.close();
    await (await sqlite().open(context)).close();
  });

  it("asks for a data directory when there is none", () => {
    assert.throws(
      () => sqlite().open(sinkContext({ products: codecs })),
      (error) =>
        error instanceof SinkError && error.fields.final === true && /--data DIR/.test(error.message),
    );
  });

  it("refuses names that no table can have", () => {
    assert.throws(() => sqlite({ table: "" }), OptionsError);
    const store = storeFor(codecs);
    const products = new Map([["alarm", codecs.get("alarm")!]]);
    for (const table of ["worker_state", "sqlite_schema", "a b", 'x"; DROP TABLE meta; --']) {
      assert.throws(() => sqlite({ table }).open(sinkContext({ store, products })), SinkError);
    }
  });
});
