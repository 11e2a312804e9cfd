import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { z } from "zod";
import { callback, defineBlueprint, keyed, type KeyedDefinition } from "../../mod.ts";
import { inline, VirtualClock } from "../../src/testing/mod.ts";

interface Visits {
  visits: number;
  seen: Set<string>;
}

type Products = { total: { visits: number; pages: number } };
type Workshop = KeyedDefinition<{ user: string; page: string }, Products, Visits>;

/** Counts visits and distinct pages; `products` gets what was shipped. */
function counter(products: unknown[], more: Partial<Workshop> = {}) {
  const workshop: Workshop = {
    contract: { idleMs: 1_000 },
    hire: () => ({ visits: 0, seen: new Set() }),
    work(worker, { page }, ship) {
      worker.state.visits++;
      worker.state.seen.add(page);
      ship("total", { visits: worker.state.visits, pages: worker.state.seen.size });
    },
    ...more,
  };
  return defineBlueprint({
    name: "counter",
    material: z.object({ user: z.string(), page: z.string() }),
    key: ({ user }) => user,
    products: { total: z.object({ visits: z.int(), pages: z.int() }) },
    workshop: keyed(workshop),
    sinks: callback((_type, delivered) => void products.push(...delivered)),
  });
}

const visit = (page: string) => [{ user: "ann", page }];

describe("a worker's state", () => {
  it("is there again when the key comes back after a dismissal", () =>
    inDirectory(async (data) => {
      const products: unknown[] = [];
      const clock = new VirtualClock();
      const factory = await inline(counter(products), { clock, data });
      await clock.until(factory.push(visit("a")));
      await clock.advance(5_000);
      assert.equal(await clock.until(factory.worker("ann")), undefined);
      await clock.until(factory.push(visit("b")));
      await clock.until(factory.drain());
      assert.deepEqual(products, [{ visits: 1, pages: 1 }, { visits: 2, pages: 2 }]);
    }));

  it("is there again before the dismissal has been committed", () =>
    inDirectory(async (data) => {
      const products: unknown[] = [];
      const clock = new VirtualClock();
      const blueprint = counter(products, { contract: { idleMs: 50 } });
      const factory = await inline(blueprint, { clock, data, epochMs: 60_000 });
      await clock.until(factory.push(visit("a")));
      await clock.advance(1_000);
      await clock.until(factory.push(visit("a")));
      await clock.until(factory.drain());
      assert.deepEqual(products, [{ visits: 1, pages: 1 }, { visits: 2, pages: 1 }]);
    }));

  it("is there again when the directory is opened anew, whatever it is made of", () =>
    inDirectory(async (data) => {
      const products: unknown[] = [];
      for (const page of ["a", "b", "a"]) {
        const clock = new VirtualClock();
        const factory = await inline(counter(products), { clock, data, workshops: page === "b" ? 3 : 1 });
        await clock.until(factory.push(visit(page)));
        await clock.until(factory.drain());
      }
      assert.deepEqual(products, [1, 2, 3].map((visits) => ({ visits, pages: Math.min(2, visits) })));
    }));

  it("is forgotten with the dismissal when the contract says so", () =>
    inDirectory(async (data) => {
      const products: unknown[] = [];
      const clock = new VirtualClock();
      const blueprint = counter(products, { contract: { idleMs: 1_000, keepState: false } });
      const factory = await inline(blueprint, { clock, data });
      await clock.until(factory.push(visit("a")));
      await clock.advance(5_000);
      await clock.until(factory.push(visit("a")));
      await clock.until(factory.drain());
      assert.deepEqual(products, [{ visits: 1, pages: 1 }, { visits: 1, pages: 1 }]);
    }));

  it("of another version is refused at the door without migrate, and brought up to date with it", () =>
    inDirectory(async (data) => {
      const products: unknown[] = [];
      const clock = new VirtualClock();
      const first = await inline(counter(products), { clock, data });
      await clock.until(first.push(visit("a")));
      await clock.until(first.drain());

      await assert.rejects(
        inline(counter(products, { version: 2 }), { data }),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, "STORE_STATE_VERSION");
          assert.match(error.message, /version 1, the blueprint's are of version 2/);
          return true;
        },
      );

      const later = new VirtualClock();
      const migrate = (old: unknown, version: number): Visits => {
        assert.equal(version, 1);
        return { ...old as Visits, visits: 100 };
      };
      const second = await inline(counter(products, { version: 2, migrate }), { clock: later, data });
      await later.until(second.push(visit("b")));
      await later.until(second.drain());
      assert.deepEqual(products.at(-1), { visits: 101, pages: 2 });
    }));

  it("waits for nothing but the barrier: an item under way is stored with the state before it", () =>
    inDirectory(async (data) => {
      const products: unknown[] = [];
      let turns = 0;
      const slow = (gate: Promise<void>): Partial<Workshop> => ({
        async work(worker, { page }, ship) {
          turns++;
          worker.state.visits++;
          worker.state.seen.add(page);
          await gate;
          ship("total", { visits: worker.state.visits, pages: worker.state.seen.size });
        },
      });
      const clock = new VirtualClock();
      const first = await inline(counter(products, slow(new Promise(() => {}))), { clock, data });
      await clock.until(first.push(visit("a"), { committed: true })); // though its turn never ends
      await first.close();
      assert.deepEqual(products, []);

      const later = new VirtualClock();
      const second = await inline(counter(products, slow(Promise.resolve())), { clock: later, data });
      await later.until(second.drain());
      assert.deepEqual([turns, products], [2, [{ visits: 1, pages: 1 }]]);
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
