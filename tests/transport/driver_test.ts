import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fromWire, SinkError } from "../../src/core/mod.ts";
import { DELIVERY_BYTES, DELIVERY_MS, DELIVERY_ROWS, REJECTIONS_SHOWN } from "../../src/core/limits.ts";
import { FakeSink } from "./fake_sink.ts";
import { numbered, type Product, Yard } from "./yard.ts";

describe("deliveries", () => {
  it("leave a little after the first product, and at once when there is much", async () => {
    const sink = new FakeSink();
    const yard = await new Yard({ sinks: sink }).open();
    yard.ship(0, "a", 1, numbered(3));
    await yard.clock.advance(DELIVERY_MS - 1);
    yard.ship(1, "b", 1, numbered(2));
    assert.equal(sink.taken.length, 0);
    await yard.clock.advance(1);
    assert.deepEqual(sink.products("a"), numbered(3));
    assert.deepEqual(sink.products("b"), numbered(2));

    const much = Array.from({ length: 50 }, (_, value) => ({ key: `${value}`.padStart(50_000, "k"), value }));
    assert.ok(50 * 50_000 > DELIVERY_BYTES);
    yard.ship(0, "a", 1, much);
    await yard.clock.advance(0);
    assert.deepEqual(sink.products("a").slice(3), much);
    await yard.department.close();
  });

  it("tell type, epoch, keys, count, and a key of their own that tells them from all others", async () => {
    const sink = new FakeSink();
    const yard = await new Yard({ sinks: sink, committed: 6 }).open();
    const keys = new Set<string>();
    for (let i = 0; i < 5; i++) {
      yard.ship(i % 2, "a", 7, numbered(4));
      await yard.clock.advance(100);
    }
    for (const delivery of sink.taken) {
      assert.deepEqual(delivery.keys, numbered(4).map(({ key }) => key));
      assert.equal(delivery.epoch, 7);
      keys.add(delivery.idempotencyKey);
    }
    assert.equal(keys.size, 5);
    const [first, second, third] = keys;
    assert.match(first, /^7-0-\w+-1$/);
    assert.match(second, /^7-1-\w+-1$/);
    assert.match(third, /^7-0-\w+-2$/);
    await yard.department.close();
  });

  it("hold several batches of a type, but not many more rows than a sink is promised", async () => {
    const sink = new FakeSink();
    const yard = await new Yard({ sinks: sink, lineBatches: 64 }).open();
    for (let i = 0; i < 30; i++) yard.ship(0, "a", 1, numbered(1_000, { from: i * 1_000 }));
    await yard.clock.advance(1_000);
    assert.deepEqual(sink.products("a"), numbered(30_000));
    const sizes = sink.taken.map(({ products }) => products.length);
    assert.ok(sizes.every((size) => size < DELIVERY_ROWS + 1_000), sizes.join(" "));
    assert.ok(sizes.length < 30);
    await yard.department.close();
  });

  it("of one sink come one after the other, those of different sinks side by side", async () => {
    const [slow, quick] = [new FakeSink("slow"), new FakeSink("quick")];
    slow.writeMs = 500;
    quick.writeMs = 400;
    const yard = await new Yard({ sinks: { a: slow, b: quick } }).open();
    yard.ship(0, "a", 1, numbered(1));
    yard.ship(0, "b", 1, numbered(1));
    await yard.clock.advance(DELIVERY_MS + 500);
    assert.equal(slow.taken.length + quick.taken.length, 2);

    const both = new FakeSink();
    both.writeMs = 500;
    const second = await new Yard({ sinks: both }).open();
    second.ship(0, "a", 1, numbered(1));
    second.ship(0, "b", 1, numbered(1));
    await second.clock.advance(DELIVERY_MS + 999);
    assert.equal(both.taken.length, 1);
    await second.clock.advance(1);
    assert.deepEqual(both.log, ["write a 1", "write b 1"]);
  });
});

describe("commits", () => {
  it("come when the barrier has come from everywhere, after everything was taken and flushed", async () => {
    const sink = new FakeSink();
    const yard = await new Yard({ sinks: sink }).open();
    yard.ship(0, "a", 1, numbered(2));
    yard.barrier(0, 1);
    yard.ship(0, "b", 2, numbered(1));
    await yard.clock.advance(1_000);
    assert.deepEqual(yard.commits, []);
    assert.deepEqual(sink.log, ["write a 1"], "the next epoch's products wait");
    yard.ship(1, "a", 1, numbered(3));
    yard.barrier(1, 1);
    await yard.clock.advance(0);
    assert.deepEqual(sink.log, ["write a 1", "write a 1", "flush", "write b 2"]);
    assert.deepEqual(yard.commits, [1]);
    assert.equal(yard.department.figures().committedEpoch, 1);
    yard.barrier(1, 2);
    yard.barrier(0, 2);
    await yard.clock.advance(0);
    assert.deepEqual(yard.commits, [1, 2]);
    await yard.department.close();
  });

  it("keep the order of epochs, and of each workshop's products, whatever comes from where when", async () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant("ship" as const),
          workshop: fc.nat({ max: 2 }),
          count: fc.integer({ min: 1, max: 30 }),
          type: fc.constantFrom("a" as const, "b" as const),
        }),
      },
      fc.record({ do: fc.constant("barrier" as const), workshop: fc.nat({ max: 2 }) }),
      fc.record({ do: fc.constant("advance" as const), ms: fc.integer({ min: 0, max: 80 }) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.array(fc.boolean(), { maxLength: 12 }),
        fc.nat(),
        async (steps, writeMs, failures, seed) => {
          const sinks = { a: new FakeSink("a"), b: new FakeSink("b") };
          sinks.a.writeMs = writeMs;
          for (const sink of [sinks.a, sinks.b]) {
            sink.before = () => {
              if (failures.pop()) throw new Error("odd");
            };
          }
          const yard = await new Yard({ sinks, workshops: 3, seed, lineBatches: 200 }).open();
          const epochs = [1, 1, 1];
          const shipped: (Product & { type: string; epoch: number; workshop: number })[] = [];
          let from = 0;
          for (const next of steps) {
            if (next.do === "advance") await yard.clock.advance(next.ms);
            else if (next.do === "barrier") yard.barrier(next.workshop, epochs[next.workshop]++);
            else {
              const { workshop, type, count } = next;
              const products = numbered(count, { from });
              from += count;
              yard.ship(workshop, type, epochs[workshop], products);
              shipped.push(...products.map((each) => ({ ...each, type, epoch: epochs[workshop], workshop })));
            }
          }
          await yard.clock.advance(60_000);
          const complete = Math.min(...epochs) - 1;
          assert.deepEqual(yard.commits, Array.from({ length: complete }, (_, i) => i + 1));
          for (const [type, sink] of Object.entries(sinks)) {
            const taken = sink.taken.flatMap(({ products, epoch }) =>
              products.map((each) => ({ ...each as Product, epoch }))
            );
            const order = taken.map(({ epoch }) => epoch);
            assert.deepEqual(order, order.toSorted((a, b) => a - b));
            for (let workshop = 0; workshop < 3; workshop++) {
              const own = shipped.filter((each) =>
                each.type === type && each.workshop === workshop && each.epoch <= complete + 1
              );
              const values = new Set(own.map(({ value }) => value));
              const found = taken.filter(({ value }) => values.has(value));
              assert.deepEqual(
                found.map(({ value, epoch }) => [value, epoch]),
                own.map(({ value, epoch }) => [value, epoch]),
              );
            }
          }
          const { items, bytes } = yard.department.figures();
          assert.equal(items, shipped.filter(({ epoch }) => epoch > complete + 1).length);
          assert.equal(bytes > 0, items > 0);
          await yard.department.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it("wait for a flush that has to be tried again", async () => {
    const sink = new FakeSink();
    let failures = 2;
    sink.beforeFlush = () => {
      if (failures-- > 0) throw new Error("disk full");
    };
    const yard = await new Yard({ sinks: sink, workshops: 1 }).open();
    yard.barrier(0, 1);
    await yard.clock.advance(299);
    assert.deepEqual(yard.commits, []);
    await yard.clock.advance(1);
    assert.deepEqual(yard.commits, [1]);
    await yard.department.close();
  });
});

describe("a sink that fails", () => {
  it("gets the same delivery again, with the same key, until it takes it; its conveyors wait, and then go on", async () => {
    const sink = new FakeSink();
    const keys: string[] = [];
    sink.before = ({ idempotencyKey }) => {
      keys.push(idempotencyKey);
      if (keys.length < 4) throw new Error("no route to host");
    };
    const yard = await new Yard({ sinks: sink, workshops: 1 }).open();
    yard.ship(0, "a", 1, numbered(3));
    yard.barrier(0, 1);
    await yard.clock.advance(500);
    const [{ sinkState, sinkError, deliveryErrors, delivered }] = yard.department.figures().products;
    assert.deepEqual([sinkState, sinkError, deliveryErrors, delivered], [
      "retrying",
      "no route to host",
      3,
      0,
    ]);
    assert.deepEqual(yard.commits, []);
    await yard.clock.advance(500);
    assert.deepEqual(keys, new Array(4).fill(keys[0]));
    assert.match(keys[0], /^1-0-\w+-1$/);
    assert.deepEqual(yard.commits, [1]);
    const after = yard.department.figures().products[0];
    assert.deepEqual([after.sinkState, after.sinkError, after.delivered], ["ok", null, 3]);
    await yard.department.close();
  });

  it("for good fails transport, and commits nothing more", async () => {
    const sink = new FakeSink("shelf");
    sink.before = () => {
      throw new SinkError("schema changed", { fields: { final: true } });
    };
    const yard = await new Yard({ sinks: sink, workshops: 1 }).open();
    yard.ship(0, "a", 1, numbered(3));
    yard.barrier(0, 1);
    await yard.clock.advance(1_000);
    assert.equal(yard.events.length, 1);
    const [event] = yard.events;
    assert.ok(event.kind === "failed");
    const error = fromWire(event.error);
    assert.ok(error instanceof SinkError);
    assert.match(error.message, /sink shelf refuses: schema changed/);
    assert.equal(yard.department.figures().products[0].sinkState, "failed");
    await yard.department.close();
  });
});

describe("dead letters", () => {
  it("are counted, and the first are kept for a person", async () => {
    const yard = await new Yard({ sinks: new FakeSink(), workshops: 1 }).open();
    const letters = Array.from(
      { length: 3 * REJECTIONS_SHOWN },
      (_, i) => ({ key: `key-${i}`, error: `odd ${i}` }),
    );
    yard.bury(0, 1, letters);
    yard.barrier(0, 1);
    await yard.clock.advance(100);
    assert.equal(yard.department.figures().deadLetters, letters.length);
    assert.equal(yard.department.letters().length, REJECTIONS_SHOWN);
    assert.deepEqual(yard.department.letters()[1], { key: "key-1", reason: "error", error: "odd 1" });
    assert.deepEqual(yard.commits, [1]);
    await yard.department.close();
  });
});
