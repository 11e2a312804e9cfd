import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Ship } from "../../src/blueprint/mod.ts";
import { ItemError, sleep } from "../../src/core/mod.ts";
import { type Item, numbered, type Products, Shop } from "./shop.ts";

const once = { retries: { attempts: 1 } };

describe("synchronous turns", () => {
  it("make of each key's items what a plain loop makes, in order, each with a state of its own", async () => {
    const item = fc.record({ key: fc.constantFrom("a", "b", "c", "d"), value: fc.integer() }, {
      noNullPrototype: true,
    });
    await fc.assert(fc.asyncProperty(fc.array(item, { maxLength: 300 }), fc.nat(), async (items, seed) => {
      const shop = new Shop({
        hire: () => ({ sum: 0 }),
        work(worker, { value }, ship) {
          worker.state.sum += value;
          ship("out", { key: worker.key, value: worker.state.sum });
        },
      }, { seed, rows: 7 });
      shop.send(items);
      await shop.clock.advance(100);
      for (const key of ["a", "b", "c", "d"]) {
        let sum = 0;
        assert.deepEqual(
          shop.values(key),
          items.filter((each) => each.key === key).map(({ value }) => sum += value),
        );
      }
      assert.equal(shop.department.figures().materials, items.length);
      assert.equal(shop.department.figures().products, items.length);
      shop.close();
    }));
  });

  it("need no job once the first has been seen to return nothing", async () => {
    const shop = new Shop({ hire: () => null, work() {} });
    shop.send(numbered(6_400));
    await shop.clock.advance(100);
    const { turns, materials } = shop.department.figures();
    assert.equal(materials, 6_400);
    // A job's turn is always timed, one without a job every 64th time.
    assert.ok(turns.count <= 101, `${turns.count} turns were timed`);
    shop.close();
  });

  it("are handed the context, the time, and the worker's own key and age", async () => {
    const seen: unknown[] = [];
    const shop = new Shop({
      hire: (key, context) => ({ key, tenant: context.settings.tenant }),
      work(worker, _item, _ship, context) {
        const { key, state, hiredAt, processed } = worker;
        seen.push({
          key,
          state: { ...state },
          ageMs: worker.now() - hiredAt,
          processed,
          settings: context.settings,
        });
      },
    });
    await shop.give("a", 1);
    await shop.clock.advance(250);
    await shop.give("a", 2);
    const state = { key: "a", tenant: "t" };
    const settings = { tenant: "t" };
    assert.deepEqual(seen, [
      { key: "a", state, ageMs: 0, processed: 0, settings },
      { key: "a", state, ageMs: 250, processed: 1, settings },
    ]);
    shop.close();
  });

  it("ship copies: what happens to the object afterwards changes nothing", async () => {
    for (const asynchronous of [false, true]) {
      const shop = new Shop({
        hire: () => null,
        work(worker, { value }, ship) {
          const product = { key: worker.key, value };
          ship("out", product);
          product.value = -1;
          if (asynchronous) return Promise.resolve();
        },
      });
      shop.send(numbered(5));
      await shop.clock.advance(100);
      assert.deepEqual(shop.values().toSorted(), [0, 1, 2, 3, 4]);
      shop.close();
    }
  });
});

/** Ways to fail after shipping and changing the state. */
const failing: Record<string, (fail: () => never) => void | Promise<void>> = {
  "a synchronous turn": (fail) => fail(),
  "an asynchronous turn": async (fail) => {
    await Promise.resolve();
    fail();
  },
};

for (const [kind, run] of Object.entries(failing)) {
  describe(`${kind} that fails`, () => {
    it("leaves no product, and the state as it was: changed, replaced, deep inside", async () => {
      const shop = new Shop({
        turn: once,
        hire: () => ({ count: 0, deep: { list: [0] }, map: new Map([["n", 0]]) }),
        work(worker, { value }, ship) {
          const { state } = worker;
          state.count++;
          state.deep.list.push(value);
          state.map.set("n", value);
          ship("last", { key: worker.key, value });
          ship("out", { key: worker.key, value: state.count });
          if (value % 3 !== 2) return;
          if (value % 2) worker.state = null;
          return run(() => {
            throw new Error(`odd ${value}`);
          });
        },
      });
      shop.send(numbered(12, { keys: 1 }));
      await shop.clock.advance(1_000);
      assert.deepEqual(shop.values(), [1, 2, 3, 4, 5, 6, 7, 8]);
      assert.deepEqual(shop.last.map(({ row }) => row.value), [0, 1, 3, 4, 6, 7, 9, 10]);
      assert.deepEqual(shop.department.worker("key-0")!.state, {
        count: 8,
        deep: { list: [0, 0, 1, 3, 4, 6, 7, 9, 10] },
        map: new Map([["n", 10]]),
      });
      assert.deepEqual(shop.letters.map(({ row }) => row.error), ["odd 2", "odd 5", "odd 8", "odd 11"]);
      assert.equal(shop.department.worker("key-0")!.processed, 8);
      assert.equal(shop.department.figures().products, 16);
      shop.close();
    });

    it("becomes a dead letter whatever it threw", async () => {
      for (
        const thrown of [
          undefined,
          null,
          "text",
          Symbol("odd"),
          Object.create(null),
          new DOMException("gone"),
        ]
      ) {
        const shop = new Shop({
          turn: once,
          hire: () => null,
          work(worker, { value }, ship) {
            if (value === 1) {
              return run(() => {
                throw thrown;
              });
            }
            ship("out", { key: worker.key, value });
          },
        });
        shop.send(numbered(4, { keys: 1 }));
        await shop.clock.advance(1_000);
        assert.deepEqual(shop.values(), [0, 2, 3]);
        assert.equal(shop.letters.length, 1);
        shop.close();
      }
    });
  });
}

describe("ship()", () => {
  /** What the dead letter of an item says whose turn did that. */
  async function letterOf(misuse: (ship: Ship<Products>) => void): Promise<string> {
    const letters = new Set<string>();
    for (const asynchronous of [false, true]) {
      const shop = new Shop({
        turn: once,
        hire: () => null,
        work(worker, { value }, ship) {
          if (value === 3) misuse(ship);
          ship("out", { key: worker.key, value });
          if (asynchronous) return Promise.resolve();
        },
      });
      shop.send(numbered(5, { keys: 1 }));
      await shop.clock.advance(1_000);
      assert.deepEqual(shop.values(), [0, 1, 2, 4]);
      for (const { row } of shop.letters) letters.add(row.error);
      shop.close();
    }
    assert.equal(letters.size, 1, [...letters].join("\n"));
    return [...letters][0];
  }

  it("refuses a product of an unknown type, and names those that there are", async () => {
    assert.match(
      await letterOf((ship) => ship("lost" as "last", { key: "a", value: 1 })),
      /no product "lost".*out, last/,
    );
  });

  it("refuses a product of the wrong shape, and names the field", async () => {
    assert.match(await letterOf((ship) => ship("last", { key: "a" } as Item)), /last.*value/);
    assert.match(await letterOf((ship) => ship("last", undefined as unknown as Item)), /last/);
  });

  it("can be caught: then the turn goes on with what fits", async () => {
    const shop = new Shop({
      hire: () => null,
      work(worker, { value }, ship) {
        ship("out", { key: worker.key, value });
        assert.throws(() => ship("last", {} as Item), ItemError);
        ship("last", { key: worker.key, value });
      },
    });
    shop.send(numbered(3));
    await shop.clock.advance(100);
    assert.deepEqual([shop.out.length, shop.last.length, shop.letters.length], [3, 3, 0]);
    shop.close();
  });

  it("refuses what comes after the turn, whoever's turn it is by then", async () => {
    const kept: Ship<Products>[] = [];
    const errors: unknown[] = [];
    const shop = new Shop({
      hire: () => null,
      work(_worker, _item, ship) {
        for (const earlier of kept) {
          try {
            earlier("out", { key: "a", value: -1 });
          } catch (error) {
            errors.push(error);
          }
        }
        kept.push(ship);
        return kept.length % 2 ? Promise.resolve() : undefined;
      },
    });
    shop.send(numbered(4, { keys: 1 }));
    await shop.clock.advance(1_000);
    for (const ship of kept) {
      assert.throws(() => ship("out", { key: "a", value: -1 }), /after its turn had ended/);
    }
    assert.ok(errors.length > 0);
    assert.deepEqual(shop.values(), []);
    shop.close();
  });
});

describe("a work that sometimes returns a promise", () => {
  it("keeps every key's order, counts every item once, and starts at most one item a second time", async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.record({ key: fc.constantFrom("a", "b", "c"), waits: fc.boolean() }), { maxLength: 60 }),
      fc.boolean(),
      async (plan, first) => {
        let calls = 0;
        const shop: Shop = new Shop({
          hire: () => ({ count: 0 }),
          work(worker, { value }, ship) {
            calls++;
            worker.state.count++;
            const product = { key: worker.key, value: worker.state.count };
            if (!(plan[value].waits !== first)) return ship("out", product);
            return sleep(shop.clock, value % 7).then(() => ship("out", product));
          },
        }, { rows: 4 });
        shop.send(plan.map(({ key }, value) => ({ key, value })));
        await shop.clock.advance(1_000);
        for (const key of ["a", "b", "c"]) {
          const count = plan.filter((item) => item.key === key).length;
          assert.deepEqual(shop.values(key), Array.from({ length: count }, (_, i) => i + 1));
        }
        assert.ok(calls <= plan.length + 1, `${calls} calls for ${plan.length} items`);
        shop.close();
      },
    ));
  });
});
