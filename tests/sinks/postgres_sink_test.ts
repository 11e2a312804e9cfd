import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { z } from "zod";
import { compileCodec, type ProductCodec } from "../../src/batch/mod.ts";
import { OptionsError, SinkError } from "../../src/core/mod.ts";
import { postgres, type PostgresOptions, type SinkWriter } from "../../src/sinks/mod.ts";
import { openStore, type Store } from "../../src/store/mod.ts";
import { testSink, type TrialProduct } from "../../src/testing/sink_conformance.ts";
import { delivery, sinkContext } from "./deliveries.ts";
import { PostgresServer } from "./postgres_server.ts";
import { scratchDirectory } from "./scratch.ts";

const scratch = scratchDirectory();
const stores: Store[] = [];
let server: PostgresServer;
before(async () => void (server = await PostgresServer.start()));
after(async () => {
  stores.forEach((store) => store.close());
  await server.end();
});

let schemas = 0;
/** A sink with a schema of its own. */
function sinkOf(options: PostgresOptions = {}): { schema: string; sink: ReturnType<typeof postgres> } {
  const schema = options.schema ?? `trial ${schemas++}`;
  return { schema, sink: postgres({ ...server.settings, ...options, schema }) };
}

function storeFor(products: ReadonlyMap<string, ProductCodec>): Store {
  const store = openStore({ directory: mkdtempSync(join(scratch, "data-")), name: "trial", products });
  stores.push(store);
  return store;
}

function trialProducts(schema: string, kind: string): Promise<TrialProduct[]> {
  const rows = server.query(
    `SELECT kind, number::int, text FROM "${schema}"."product_${kind}" ORDER BY ctid`,
  );
  return rows as Promise<unknown> as Promise<TrialProduct[]>;
}

testSink("postgres() with a data directory", (products) => {
  const { schema, sink } = sinkOf();
  return { sink, store: storeFor(products), arrived: (kind) => trialProducts(schema, kind) };
});

testSink("postgres() without a data directory", () => {
  const { schema, sink } = sinkOf();
  return { sink: { ...sink, guarantee: "at-least-once" }, arrived: (kind) => trialProducts(schema, kind) };
});

const everything = z.object({
  text: z.string(),
  number: z.number(),
  int: z.int().nullable(),
  yes: z.boolean(),
  kind: z.enum(["a", "b"]),
  at: z.date(),
  more: z.object({ list: z.array(z.unknown()) }),
  note: z.string().optional(),
});

function codecs(types: Record<string, unknown>): Map<string, ProductCodec> {
  return new Map(Object.entries(types).map(([type, schema]) => [type, compileCodec(schema, { what: type })]));
}

async function opened(types: Record<string, unknown>, options: PostgresOptions = {}) {
  const { schema, sink } = sinkOf(options);
  const writer = await sink.open(sinkContext({ products: codecs(types) }));
  return { schema, writer };
}

function fails(attempt: Promise<unknown>, message: RegExp, { final }: { final: boolean }): Promise<void> {
  return assert.rejects(attempt, (error) => {
    assert.ok(error instanceof SinkError);
    assert.match(error.message, message);
    assert.equal(error.fields.final === true, final);
    return true;
  });
}

describe("postgres()", () => {
  it("writes every kind of value, whatever is in it", async () => {
    const { schema, writer } = await opened({ all: everything });
    const rows = [
      {
        text: 'a\0b"\\{},NULL\n日本\u{1f600}\ud800',
        number: -1.5e-300,
        int: 2 ** 53 - 1,
        yes: true,
        kind: "a",
        at: new Date("2026-02-28T23:59:59.999Z"),
        more: { list: [1, null, 'x\0"\\u0000', "\ud800"] },
        note: "",
      },
      { text: "", number: NaN, int: null, yes: false, kind: "b", at: new Date(-7e13), more: { list: [] } },
      {
        text: "NULL",
        number: -Infinity,
        int: -5,
        yes: false,
        kind: "b",
        at: new Date(-8.64e15),
        more: { list: [{}] },
      },
    ];
    await writer.write(delivery(rows, { type: "all", keys: ["k\0", "", 'k"'] }));
    const found = await server.query(
      `SELECT text, number::text, int::text, yes, kind, at::text, more, note, _key, _epoch::int, ` +
        `extract(epoch from _at)::int AS _at FROM "${schema}".product_all ORDER BY ctid`,
    );
    const own = { _epoch: 3, _at: 1_700_000_000 };
    assert.deepEqual(found.map(({ at: _, ...row }) => row), [
      {
        text: 'a\ufffdb"\\{},NULL\n日本\u{1f600}\ufffd',
        number: "-1.5e-300",
        int: "9007199254740991",
        yes: true,
        kind: "a",
        more: { list: [1, null, 'x\ufffd"\\u0000', "\ufffd"] },
        note: "",
        _key: "k\ufffd",
        ...own,
      },
      {
        text: "",
        number: "NaN",
        int: null,
        yes: false,
        kind: "b",
        more: { list: [] },
        note: null,
        _key: "",
        ...own,
      },
      {
        text: "NULL",
        number: "-Infinity",
        int: "-5",
        yes: false,
        kind: "b",
        more: { list: [{}] },
        note: null,
        _key: 'k"',
        ...own,
      },
    ]);
    const times = await server.query(
      `SELECT (at AT TIME ZONE 'UTC')::text AS at FROM "${schema}".product_all ORDER BY ctid`,
    );
    assert.deepEqual(times.map(({ at }) => at), [
      "2026-02-28 23:59:59.999",
      "0250-10-15 19:33:20 BC",
      "-infinity",
    ]);
    await writer.close();
  });

  it("writes products that are no objects", async () => {
    const { schema, writer } = await opened({ total: z.number() });
    await writer.write(delivery([7], { type: "total" }));
    assert.deepEqual(
      await server.query(`SELECT value, _key FROM "${schema}".product_total`),
      [
        { value: "7", _key: "key 0" },
      ].map((row) => ({ ...row, value: 7 })),
    );
    await writer.close();
  });

  it("adds columns for new fields that may be missing, and leaves columns of others alone", async () => {
    const { schema, writer } = await opened({ all: z.object({ a: z.number() }) });
    await writer.write(delivery([{ a: 1 }], { type: "all" }));
    await writer.close();
    await server.query(
      `ALTER TABLE "${schema}".product_all ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY`,
    );
    const next = await opened({ all: z.object({ a: z.number(), b: z.string().optional() }) }, { schema });
    await next.writer.write(delivery([{ a: 2, b: "x" }], { type: "all" }));
    assert.deepEqual(await server.query(`SELECT a, b, id::int FROM "${schema}".product_all ORDER BY ctid`), [
      { a: 1, b: null, id: 1 },
      { a: 2, b: "x", id: 2 },
    ]);
    await next.writer.close();
  });

  it("refuses a table that doesn't fit, and says why", async () => {
    const { schema, writer } = await opened({ all: z.object({ a: z.number() }) });
    await writer.close();
    const open = (schemaOfAll: unknown) => opened({ all: schemaOfAll }, { schema });
    await fails(open(z.object({ a: z.string() })), /column a is double precision and would have to be text/, {
      final: true,
    });
    await fails(
      open(z.object({ a: z.number(), b: z.number() })),
      /column b \(double precision\) is missing/,
      {
        final: true,
      },
    );
    await server.query(`ALTER TABLE "${schema}".product_all ADD COLUMN shop text NOT NULL`);
    await fails(open(z.object({ a: z.number() })), /column shop is not in the schema and wants a value/, {
      final: true,
    });
  });

  it("refuses names that PostgreSQL would cut, and one table for two types", async () => {
    await fails(opened({ ["a".repeat(60)]: z.object({}) }), /63 bytes at most/, { final: true });
    await fails(opened({ all: z.object({ _key: z.string() }) }), /column _key is there twice/, {
      final: true,
    });
    assert.throws(
      () =>
        postgres({ table: "t" }).open(
          sinkContext({ products: codecs({ a: z.object({}), b: z.object({}) }) }),
        ),
      /products a, b.*of its own/,
    );
  });

  it("fails for good when a value breaks a constraint, and only for now when a table is gone", async () => {
    const { schema, writer } = await opened({ all: z.object({ a: z.number() }) });
    await server.query(`ALTER TABLE "${schema}".product_all ADD CHECK (a < 5)`);
    const write = (a: number) => writer.write(delivery([{ a }], { type: "all" })) as Promise<void>;
    await fails(write(7), /violates check constraint.*SQLSTATE 23514/, { final: true });
    await server.query(`ALTER TABLE "${schema}".product_all RENAME TO away`);
    await fails(write(1), /does not exist \(SQLSTATE 42P01\)/, { final: false });
    await server.query(`ALTER TABLE "${schema}".away RENAME TO product_all`);
    await write(1);
    assert.deepEqual(await server.query(`SELECT a FROM "${schema}".product_all`), [{ a: 1 }]);
    await writer.close();
  });

  it("says that it can't be reached", async () => {
    const nowhere = { host: join(scratch, "nowhere"), user: "postgres" };
    await fails(opened({ a: z.object({}) }, nowhere), /sink postgres .*nowhere.*: .*(ENOENT|connect)/, {
      final: false,
    });
  });

  it("is named for its place, without the password", () => {
    const name = (url: string) => postgres({ url }).name;
    assert.equal(
      name("postgres://shop:secret@db.example:5433/floor?sslmode=require"),
      "postgres db.example:5433/floor",
    );
    assert.equal(name("postgresql://db.example"), "postgres db.example");
    for (const odd of ["postgres://u:se/cr@t@h/d", "postgres://u:s@cr@h/d", "postgres://u:se#cr@h/d"]) {
      assert.ok(!/se|cr/.test(name(odd).replace("postgres", "")), name(odd));
    }
    assert.equal(postgres({ host: "h", database: "d", table: "t" }).name, "postgres h/d t");
    assert.equal(postgres().name, "postgres");
  });

  it("refuses options that are none", () => {
    for (
      const options of [{ table: "" }, { schema: 5 }, { url: "h/d" }, { timeoutMs: 0 }, {
        patienceMs: "long",
      }]
    ) {
      assert.throws(() => postgres(options as PostgresOptions), OptionsError);
    }
  });
});

describe("postgres() with an outbox", () => {
  const types = { all: z.object({ a: z.number() }) };
  const all = (a: number, epoch: number) => delivery([{ a }], { type: "all", epoch });

  function withStore() {
    const { schema, sink } = sinkOf();
    const products = codecs(types);
    const store = storeFor(products);
    const open = (changes: Partial<Store> = {}) => {
      const given = Object.keys(changes).length === 0 ? store : { outbox: store.outbox, ...changes };
      return sink.open(sinkContext({ products, store: given as Store })) as Promise<Required<SinkWriter>>;
    };
    const rows = async () =>
      (await server.query(`SELECT a FROM "${schema}".product_all ORDER BY a`)).map(({ a }) => a);
    store.commit({ epoch: 5, at: 0 });
    return { open, rows };
  }

  it("lets the one that opened last write, and nobody before", async () => {
    const { open, rows } = withStore();
    const first = await open();
    await first.deliver(1, [all(1, 1)]);
    const second = await open();
    assert.equal(await second.lastEpoch(), 1);
    await fails(first.deliver(2, [all(2, 2)]), /another process has opened this data directory/, {
      final: true,
    });
    await second.deliver(2, [all(2, 2)]);
    assert.deepEqual(await rows(), [1, 2]);
    await first.close();
    await second.close();
  });

  it("refuses a data directory that is older than what was delivered from it", async () => {
    const { open } = withStore();
    const writer = await open();
    await writer.deliver(4, [all(1, 4)]);
    await writer.close();
    await fails(
      open({ committed: () => ({ epoch: 3, offsets: {}, slots: 256 }) }),
      /up to 4, while the data directory has them up to 3/,
      { final: true },
    );
  });

  it("delivers a type from its own last epoch on, when it was with another sink before", async () => {
    const { open, rows } = withStore();
    const writer = await open();
    await writer.deliver(3, [all(3, 3)]);
    await writer.close();
    const again = await open();
    await again.deliver(2, [all(2, 2)]);
    await again.deliver(3, [all(3, 3)]);
    await again.deliver(4, [all(4, 4)]);
    assert.deepEqual(await rows(), [3, 4]);
    await again.close();
  });

  it("has each epoch once, though the server dies again and again in the middle of them", async () => {
    const { open, rows } = withStore();
    let writer = await open();
    const wanted: number[] = [];
    for (let epoch = 1; epoch <= 5; epoch++) {
      const values = Array.from({ length: 400 }, (_, i) => epoch * 1_000 + i);
      wanted.push(...values);
      const deliveries = function* (kill: boolean) {
        for (const [i, a] of values.entries()) {
          if (kill && i === 60 * epoch) void server.kill();
          yield all(a, epoch);
        }
      };
      await writer.deliver(epoch, deliveries(true)).catch(() => {}); // the last of them may be too quick
      await server.resume();
      if (epoch === 3) {
        await writer.close();
        writer = await open();
      }
      await writer.deliver(epoch, deliveries(false));
      await writer.deliver(epoch, deliveries(false));
    }
    assert.deepEqual(await rows(), wanted);
    await writer.close();
  });

  it("ends a call for a server that stands still when the call is overdue, and goes on when it is back", async () => {
    const { open, rows } = withStore();
    const writer = await open();
    const call = new AbortController();
    const stalled = function* () {
      yield all(1, 1);
      server.stall(true);
      setTimeout(() => call.abort(new Error("overdue")), 100);
      yield all(2, 1);
    };
    try {
      await assert.rejects(writer.deliver(1, stalled(), { signal: call.signal }));
    } finally {
      server.stall(false);
    }
    await writer.deliver(1, [all(1, 1), all(2, 1)]);
    assert.deepEqual(await rows(), [1, 2]);
    await writer.close();
  });
});
