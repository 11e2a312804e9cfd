import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TAP_EVENTS } from "../../src/core/limits.ts";
import { memoryChannel, type Port } from "../../src/line/mod.ts";
import type { ProductEvent, TapMessage } from "../../src/transport/mod.ts";
import { FakeSink } from "./fake_sink.ts";
import { numbered, Yard } from "./yard.ts";

async function openTap(type: string, key?: string) {
  const sink = new FakeSink();
  const yard = await new Yard({ sinks: sink, workshops: 1, lineBatches: 64 }).open();
  const { port, messages } = tap(yard, type, key);
  const events = (): ProductEvent[] => messages.flatMap((message) => message.events);
  const lost = () => messages.reduce((sum, message) => sum + message.lost, 0);
  return { yard, sink, port, messages, events, lost };
}

function tap(yard: Yard, type: string, key?: string): { port: Port; messages: TapMessage[] } {
  const [port, far] = memoryChannel(yard.clock);
  const messages: TapMessage[] = [];
  port.listen((message) => messages.push(message as TapMessage));
  yard.department.tap(type, key, far);
  return { port, messages };
}

describe("a tap", () => {
  it("shows products of its type as they leave the porter, before any sink has them", async () => {
    const { yard, sink, events } = await openTap("a");
    yard.ship(0, "a", 1, numbered(2));
    yard.ship(0, "b", 1, numbered(2));
    yard.ship(0, "a", 9, numbered(1, { from: 5 }));
    await yard.clock.advance(0);
    const at = yard.clock.now();
    assert.deepEqual(
      events(),
      [...numbered(2), ...numbered(1, { from: 5 })].map((product) => ({
        type: "a",
        key: product.key,
        at,
        product,
      })),
    );
    assert.equal(sink.taken.length, 0);
    await yard.department.close();
  });

  it("shows one key's products only, if so asked", async () => {
    const { yard, events, messages } = await openTap("a", "key-1");
    yard.ship(0, "a", 1, numbered(7));
    yard.ship(0, "a", 1, [{ key: "other", value: 1 }]);
    await yard.clock.advance(0);
    assert.deepEqual(events().map(({ product }) => (product as { value: number }).value), [1, 4]);
    assert.equal(messages.length, 1);
    await yard.department.close();
  });

  it("loses what a slow watcher has no room for, and says how much; the factory goes on", async () => {
    const { yard, sink, port, events, lost } = await openTap("a");
    for (let i = 0; i < 5; i++) yard.ship(0, "a", 1, numbered(500, { from: i * 500 }));
    await yard.clock.advance(1_000);
    assert.equal(sink.products("a").length, 2_500);
    assert.equal(events().length, TAP_EVENTS);
    port.post({ seen: 100 });
    await yard.clock.advance(0);
    yard.ship(0, "a", 1, numbered(500, { from: 2_500 }));
    await yard.clock.advance(0);
    assert.equal(events().length, TAP_EVENTS + 100);
    port.post({ seen: 1_000 });
    await yard.clock.advance(0);
    yard.ship(0, "a", 1, numbered(1, { from: 3_000 }));
    await yard.clock.advance(0);
    assert.equal(events().length + lost(), 3_001);
    await yard.department.close();
  });

  it("ends when its watcher says so; others go on", async () => {
    const { yard, port, events } = await openTap("a");
    const other = tap(yard, "a");
    port.post({ seen: -1 });
    await yard.clock.advance(0);
    yard.ship(0, "a", 1, numbered(3));
    await yard.clock.advance(0);
    assert.equal(events().length, 0);
    assert.equal(other.messages[0].events.length, 3);
    await yard.department.close();
    yard.ship(0, "a", 1, numbered(1));
    await yard.clock.advance(100);
    assert.equal(other.messages.length, 1);
  });
});
