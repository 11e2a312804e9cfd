import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BlueprintError, ClosedError, SinkError } from "../../src/core/mod.ts";
import type { Sink } from "../../src/sinks/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { TransportDepartment } from "../../src/transport/mod.ts";
import { FakeSink } from "./fake_sink.ts";
import { numbered, Yard } from "./yard.ts";

describe("TransportDepartment.open()", () => {
  it("opens a sink once, however many types go to it, with all it needs", async () => {
    const both = new FakeSink();
    const yard = await new Yard({ sinks: { a: both, b: both } }).open();
    assert.equal(both.opened.length, 1);
    const [{ settings, products, store, clock }] = both.opened;
    assert.deepEqual([...products.keys()], ["a", "b"]);
    assert.deepEqual(settings, { tenant: "t" });
    assert.equal(store, undefined);
    assert.equal(clock, yard.clock);
    await yard.department.close();
    assert.equal(both.closed, 1);
  });

  it("tells each of several sinks of its own types only", async () => {
    const sinks = { a: new FakeSink("a"), b: new FakeSink("b") };
    const yard = await new Yard({ sinks }).open();
    assert.deepEqual([...sinks.a.opened[0].products.keys()], ["a"]);
    assert.deepEqual([...sinks.b.opened[0].products.keys()], ["b"]);
    await yard.department.close();
  });

  it("rejects when a sink can't be opened, and closes the others afterwards", async () => {
    const good = new FakeSink();
    const bad: Sink = {
      name: "shelf",
      guarantee: "at-least-once",
      open: () => Promise.reject(new Error("no such place")),
    };
    const yard = new Yard({ sinks: { a: good, b: bad } });
    await assert.rejects(
      yard.open(),
      (error: Error) =>
        error instanceof SinkError && /sink shelf can't be opened: no such place/.test(error.message),
    );
    await yard.department.close();
    assert.equal(good.closed, 1);
  });

  it("rejects when a type has no sink", async () => {
    const yard = new Yard({ sinks: { a: new FakeSink() } as unknown as Sink });
    await assert.rejects(yard.open(), BlueprintError);
  });
});

describe("TransportDepartment.close()", () => {
  it("closes every sink, also when one of them can't be closed", async () => {
    const sinks = { a: new FakeSink("a"), b: new FakeSink("b") };
    sinks.a.beforeClose = () => {
      throw new Error("stuck");
    };
    const yard = await new Yard({ sinks }).open();
    await yard.department.close().catch(() => {});
    await yard.department.close().catch(() => {});
    assert.deepEqual([sinks.a.closed > 0, sinks.b.closed > 0], [true, true]);
  });

  it("gives up a delivery that is tried again and again, and delivers nothing more", async () => {
    const sink = new FakeSink();
    sink.before = () => {
      throw new Error("odd");
    };
    const yard = await new Yard({ sinks: sink, workshops: 1 }).open();
    yard.ship(0, "a", 1, numbered(3));
    await yard.clock.advance(500);
    await yard.clock.until(yard.department.close());
    assert.deepEqual(yard.events, []);
    assert.equal(sink.closed, 1);
  });

  it("waits for the write under way, and doesn't begin another", async () => {
    const sink = new FakeSink();
    sink.writeMs = 1_000;
    const yard = await new Yard({ sinks: sink, workshops: 1 }).open();
    yard.ship(0, "a", 1, numbered(3));
    await yard.clock.advance(100);
    yard.ship(0, "a", 1, numbered(3, { from: 3 }));
    yard.ship(0, "b", 1, numbered(3));
    await yard.clock.advance(100);
    await yard.clock.until(yard.department.close());
    assert.deepEqual(sink.log, ["write a 1"]);
    assert.equal(sink.closed, 1);
  });

  it("twice does nothing, nor before open()", async () => {
    const department = new TransportDepartment(new VirtualClock());
    await department.close();
    assert.throws(() => department.figures(), ClosedError);
    const yard = await new Yard({ sinks: new FakeSink() }).open();
    await yard.department.close();
    await yard.department.close();
    assert.throws(() => yard.department.figures(), ClosedError);
  });
});

describe("TransportDepartment.figures()", () => {
  it("counts what waits, of which type, since when, and what was delivered", async () => {
    const sink = new FakeSink();
    sink.writeMs = 1_000;
    const yard = await new Yard({ sinks: sink, workshops: 1 }).open();
    yard.ship(0, "a", 1, numbered(3));
    yard.ship(0, "b", 2, numbered(5));
    await yard.clock.advance(20);
    const waiting = yard.department.figures();
    assert.deepEqual(
      waiting.products.map((
        { type, waiting, oldestMs, delivered, sink },
      ) => [type, waiting, oldestMs, delivered, sink]),
      [["a", 3, 20, 0, "fake"], ["b", 5, 20, 0, "fake"]],
    );
    assert.equal(waiting.items, 8);
    assert.equal(waiting.bytes, waiting.products[0].waitingBytes + waiting.products[1].waitingBytes);
    yard.barrier(0, 1);
    await yard.clock.advance(5_000);
    const { products, items, deliveries, epochs } = yard.department.figures();
    assert.deepEqual(products.map(({ delivered, lastDeliveryAt }) => [delivered, lastDeliveryAt !== null]), [
      [3, true],
      [5, true],
    ]);
    assert.equal(items, 0);
    assert.equal(deliveries.count, 2, "two deliveries; a flush is none");
    assert.equal(epochs.count, 1);
    await yard.department.close();
  });
});
