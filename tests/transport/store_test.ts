import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { ClosedError } from "../../src/core/mod.ts";
import { sqlite } from "../../src/sinks/mod.ts";
import { StateReader } from "../../src/store/mod.ts";
import { FakeSink } from "./fake_sink.ts";
import { numbered, Yard } from "./yard.ts";

/** What another program sees. */
function rows(data: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
  try {
    return database.prepare(sql).all().map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

describe("transport with a store", () => {
  it("commits products, states, dead letters and offsets of an epoch together, and nothing before", () =>
    inDirectory(async (data) => {
      const yard = await new Yard({ sinks: sqlite(), data, workshops: 1 }).open();
      assert.deepEqual(yard.resumption, { committed: 0, offsets: {} });
      yard.ship(0, "a", 1, numbered(3));
      yard.bury(0, 1, [{ key: "k", error: "odd", material: '{"key":"k"}' }]);
      yard.remember(0, 1, [{ key: "key-0", state: '{"count":1}' }, { key: "key-1" }]);
      await yard.clock.advance(1_000);
      assert.deepEqual(rows(data, "SELECT * FROM product_a"), []);
      assert.deepEqual(rows(data, "SELECT * FROM dead_letters"), []);
      yard.barrier(0, 1, { numbers: { offset: 7, skip: 2 } });
      await yard.clock.advance(0);
      assert.deepEqual(rows(data, "SELECT key, value, _epoch FROM product_a ORDER BY value"), [
        { key: "key-0", value: 0, _epoch: 1 },
        { key: "key-1", value: 1, _epoch: 1 },
        { key: "key-2", value: 2, _epoch: 1 },
      ]);
      assert.deepEqual(rows(data, "SELECT key, error, material, epoch FROM dead_letters"), [
        { key: "k", error: "odd", material: '{"key":"k"}', epoch: 1 },
      ]);
      const reader = new StateReader(data);
      assert.equal(reader.get("key-0")!.state, '{"count":1}');
      reader.close();
      await yard.department.close();

      const next = await new Yard({ sinks: sqlite(), data, workshops: 1 }).open();
      assert.deepEqual(next.resumption, { committed: 1, offsets: { numbers: { offset: 7, skip: 2 } } });
      await next.department.close();
    }));

  it("waits for the directory of the transport whose place it takes", () =>
    inDirectory(async (data) => {
      const ended = await new Yard({ sinks: sqlite(), data, workshops: 1 }).open();
      const next = new Yard({ sinks: sqlite(), data, workshops: 1, handoverMs: 1_000 });
      await next.clock.advance(900);
      assert.equal(next.resumption, undefined);
      await ended.department.close();
      await next.open();
      assert.deepEqual(next.resumption, { committed: 0, offsets: {} });
      await next.department.close();
    }));

  it("gives the directory up after that time, and when it is closed over it", () =>
    inDirectory(async (data) => {
      const other = await new Yard({ sinks: sqlite(), data, workshops: 1 }).open();
      const late = new Yard({ sinks: sqlite(), data, workshops: 1, handoverMs: 1_000 }).open();
      await assert.rejects(late, { code: "STORE_LOCKED" });
      const closed = new Yard({ sinks: sqlite(), data, workshops: 1, handoverMs: 1_000 });
      await closed.clock.advance(500);
      await closed.department.close();
      await other.department.close();
      await assert.rejects(closed.open(), ClosedError);
      await (await new Yard({ sinks: sqlite(), data, workshops: 1 }).open()).department.close(); // nobody holds it
    }));

  it("forgets what wasn't committed when it closes", () =>
    inDirectory(async (data) => {
      const yard = await new Yard({ sinks: sqlite(), data, workshops: 1 }).open();
      yard.ship(0, "a", 1, numbered(3));
      yard.remember(0, 1, [{ key: "key-0" }]);
      await yard.clock.advance(1_000);
      await yard.department.close();
      assert.deepEqual(rows(data, "SELECT * FROM product_a"), []);
      assert.deepEqual(rows(data, "SELECT * FROM worker_state"), []);
    }));

  it("keeps of a worker what was written last, be it that it is forgotten", () =>
    inDirectory(async (data) => {
      const yard = await new Yard({ sinks: new FakeSink(), data, workshops: 1 }).open();
      yard.remember(0, 1, [
        { key: "kept", state: null },
        { key: "kept", state: "1" },
        { key: "kept", state: "2" },
        { key: "gone", state: "1" },
        { key: "gone", state: null },
      ]);
      yard.barrier(0, 1);
      await yard.clock.advance(100);
      assert.deepEqual(rows(data, "SELECT key, state FROM worker_state"), [{ key: "kept", state: "2" }]);
      await yard.department.close();
    }));
});

async function inDirectory(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "shopfloor-"));
  try {
    await run(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
