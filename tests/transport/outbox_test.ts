import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Sink } from "../../src/sinks/mod.ts";
import { Bank } from "./bank.ts";
import { inDirectory, rows } from "./data_directory.ts";
import { numbered, type Product, Yard } from "./yard.ts";

/** The product values of an epoch: the same whenever it is made. */
function valuesOf(epoch: number): number[] {
  return Array.from({ length: epoch % 4 === 0 ? 0 : 3 + epoch % 5 }, (_, i) => epoch * 100 + i);
}

function shipEpoch(yard: Yard, epoch: number): void {
  const products: Product[] = valuesOf(epoch).map((value) => ({ key: `key-${value % 3}`, value }));
  if (products.length > 0) yard.ship(0, epoch % 2 === 0 ? "a" : "b", epoch, products);
  yard.barrier(0, epoch, { numbers: epoch });
}

describe("a sink with transactions of its own", () => {
  it("gets an epoch after its commit, and the outbox is emptied with the next one", () =>
    inDirectory(async (data) => {
      const bank = new Bank();
      const yard = await new Yard({ sinks: bank.sink(), data, workshops: 1 }).open();
      yard.ship(0, "a", 1, numbered(3));
      yard.ship(0, "b", 1, numbered(2));
      await yard.clock.advance(1_000);
      assert.deepEqual([bank.last, yard.department.figures().products[0].delivered], [0, 3]);
      yard.barrier(0, 1);
      await yard.clock.advance(10);
      assert.deepEqual([bank.last, yard.commits], [1, [1]]);
      assert.deepEqual(bank.values("a"), [0, 1, 2]);
      assert.deepEqual(bank.values("b"), [0, 1]);
      assert.equal(rows(data, "SELECT * FROM outbox").length, 2);
      yard.barrier(0, 2);
      await yard.clock.advance(10);
      assert.deepEqual(rows(data, "SELECT * FROM outbox"), []);
      await yard.department.close();
    }));

  it("that is away holds nobody up, is seen to be away, and gets everything when it is back", () =>
    inDirectory(async (data) => {
      const bank = new Bank();
      bank.before = () => {
        throw new Error("connection refused");
      };
      const yard = await new Yard({ sinks: bank.sink(), data, workshops: 1 }).open();
      for (const epoch of [1, 2, 3]) {
        shipEpoch(yard, epoch);
        await yard.clock.advance(1_000);
      }
      assert.deepEqual([yard.commits, bank.last], [[1, 2, 3], 0]);
      const [{ sinkState, sinkError, sinkTrouble }] = yard.department.figures().products;
      assert.deepEqual([sinkState, sinkError], ["retrying", "connection refused"]);
      assert.ok(sinkTrouble!.attempts >= 3 && sinkTrouble!.since !== null && sinkTrouble!.outboxBytes > 0);
      bank.before = () => {};
      await yard.clock.advance(5_000);
      assert.equal(bank.last, 3);
      const after = yard.department.figures().products[0];
      assert.deepEqual([after.sinkState, after.sinkTrouble], ["ok", {
        since: null,
        attempts: 0,
        outboxBytes: 0,
      }]);
      await yard.department.close();
    }));

  it("fails transport when it says that it will never take an epoch", () =>
    inDirectory(async (data) => {
      const bank = new Bank();
      bank.before = () => bank.refuse("the table is of another shape");
      const yard = await new Yard({ sinks: bank.sink(), data, workshops: 1 }).open();
      shipEpoch(yard, 1);
      await yard.clock.advance(1_000);
      assert.deepEqual(yard.events.map(({ kind }) => kind), ["committed", "failed"]);
      assert.equal(yard.department.figures().products[0].sinkState, "failed");
      await yard.department.close();

      bank.before = () => {};
      const next = await new Yard({ sinks: bank.sink(), data, workshops: 1, committed: 1 }).open();
      await next.clock.advance(10);
      assert.deepEqual(bank.values("b"), valuesOf(1), "what was committed is still there");
      await next.department.close();
    }));

  it("has everything before a drain ends", () =>
    inDirectory(async (data) => {
      const bank = new Bank();
      bank.before = () => {
        throw new Error("connection refused");
      };
      const yard = await new Yard({ sinks: bank.sink(), data, workshops: 1 }).open();
      yard.ship(0, "a", 1, numbered(3));
      yard.senders[0].barrier(1, { offsets: {}, settle: true });
      await yard.clock.advance(20_000);
      assert.deepEqual(yard.commits, []);
      bank.before = () => {};
      await yard.clock.advance(5_000);
      assert.deepEqual([yard.commits, bank.values("a")], [[1], [0, 1, 2]]);
      await yard.department.close();
    }));

  it("is only given to write, at least once, where there is no data directory, and says so", async () => {
    const bank = new Bank();
    const yard = await new Yard({ sinks: bank.sink(), workshops: 1 }).open();
    yard.ship(0, "a", 1, numbered(3));
    await yard.clock.advance(100);
    assert.deepEqual([bank.values("a"), bank.last], [[0, 1, 2], 0]);
    assert.match(
      yard.department.figures().products[0].sink,
      /^bank \(at least once: there is no data directory\)$/,
    );
    await yard.department.close();
  });

  it("has every product once and in order, whatever fails, and whenever everything ends and begins anew", async () => {
    const trouble = fc.record({
      /** When the process ends, counted in steps. */
      steps: fc.integer({ min: 1, max: 12 }),
      stepMs: fc.integer({ min: 0, max: 150 }),
      /** What the bank's next calls do. */
      calls: fc.array(fc.constantFrom("works", "fails", "fails late", "fails half-way", "hangs"), {
        maxLength: 10,
      }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(trouble, { minLength: 1, maxLength: 8 }), fc.nat(), async (lives, seed) => {
        await inDirectory(async (data) => {
          const bank = new Bank();
          const sink: Sink = { ...bank.sink(), timeoutMs: 60 };
          let committed = 0;
          for (const life of [...lives, { steps: 200, stepMs: 500, calls: [] }]) {
            bank.plan(life.calls);
            const yard = await new Yard({ sinks: sink, data, workshops: 1, seed, committed }).open();
            assert.equal(yard.resumption?.committed, committed);
            let epoch = committed;
            for (let step = 0; step < life.steps && epoch < 30; step++) {
              shipEpoch(yard, ++epoch);
              await yard.clock.advance(life.stepMs);
            }
            if (life.calls.length === 0 && life.steps === 200) await yard.clock.advance(60_000);
            committed = yard.department.figures().committedEpoch;
            const closed = yard.department.close();
            await yard.clock.until(closed);
          }
          const wanted = { a: [] as number[], b: [] as number[] };
          for (let epoch = 1; epoch <= 30; epoch++) {
            wanted[epoch % 2 === 0 ? "a" : "b"].push(...valuesOf(epoch));
          }
          assert.deepEqual({ a: bank.values("a"), b: bank.values("b") }, wanted);
        });
      }),
      { numRuns: 25 },
    );
  });
});
