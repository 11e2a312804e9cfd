import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { WAREHOUSE_BYTES } from "../../src/core/limits.ts";
import { LineSender, memoryChannel } from "../../src/line/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { Porter } from "../../src/transport/porter.ts";
import { type Load, Warehouse } from "../../src/transport/warehouse.ts";

async function openPorter({ workshops = 2, batches = 4, seed = 1 } = {}) {
  const clock = new VirtualClock({ seed });
  const warehouse = new Warehouse(1);
  const channels = Array.from({ length: workshops }, () => memoryChannel(clock));
  const senders = channels.map(([near]) => new LineSender(near, clock));
  const loads: Load[] = [];
  const barriers: string[] = [];
  const porter = new Porter({
    conveyors: channels.map(([, far]) => far),
    batches,
    warehouse,
    clock,
    onLoad: (load) => loads.push(load),
    onBarrier: (workshop, { epoch }) => barriers.push(`${workshop} ${epoch}`),
  });
  await clock.advance(0);
  const send = (workshop: number, epoch: number, bytes: number) =>
    senders[workshop].send({ type: 0, epoch, rows: 1, at: 0 }, new ArrayBuffer(bytes));
  /** Sends for as long as there is credit. */
  const fill = async (workshop: number, epoch: number, bytes: number) => {
    for (let sent = 0;; sent++) {
      await clock.advance(0);
      if (senders[workshop].credit === 0) return sent;
      send(workshop, epoch, bytes);
    }
  };
  return { clock, warehouse, senders, loads, barriers, porter, send, fill };
}

describe("Porter", () => {
  it("puts what comes into the warehouse, and gives the credit back at once while there is room", async () => {
    const { clock, warehouse, senders, loads, barriers, send } = await openPorter();
    send(1, 7, 100);
    senders[1].barrier(7, { offsets: {}, settle: false });
    await clock.advance(0);
    const [{ buffer, origin, ...load }] = loads;
    assert.match(origin, /^1-/);
    assert.deepEqual(load, { type: 0, workshop: 1, sequence: 1, epoch: 7, rows: 1, at: 0 });
    assert.equal(buffer.byteLength, 100);
    assert.deepEqual(barriers, ["1 7"]);
    assert.equal(warehouse.bytes, 100);
    assert.equal(senders[1].credit, 4);
  });

  it("keeps a workshop's share for it: one far ahead never takes the room that a slow one needs", async () => {
    const { clock, warehouse, senders, loads, porter, send, fill } = await openPorter({ workshops: 4 });
    const batch = 1024 * 1024;
    const share = WAREHOUSE_BYTES / 4;
    await fill(0, 2, batch);
    assert.ok(warehouse.bytes >= share && warehouse.bytes <= share + 4 * batch);
    assert.equal(senders[0].credit, 0);
    send(3, 1, batch);
    await clock.advance(0);
    assert.equal(senders[3].credit, 4, "the slow one has all its credit");
    const slow = loads.at(-1)!;
    porter.recycle(warehouse.take(0, 1, 1)[0]);
    assert.equal(slow.workshop, 3);
    await clock.advance(0);
    assert.equal(senders[0].credit, 0, "room in another's share is none");
    while (warehouse.has(2)) for (const load of warehouse.take(0, 2, Infinity)) porter.recycle(load);
    await clock.advance(0);
    assert.equal(senders[0].credit, 4);
  });

  it("returns spent buffers with the credit", async () => {
    const { clock, warehouse, senders, porter, send } = await openPorter({ workshops: 1 });
    send(0, 1, 1_234);
    await clock.advance(0);
    porter.recycle(warehouse.take(0, 1, 1)[0]);
    send(0, 1, 99);
    await clock.advance(0);
    assert.equal(senders[0].spare(1_000)?.byteLength, 1_234);
  });

  it("never loses or multiplies credit, and never holds more than the shares and what was in flight", async () => {
    const MB = 1024 * 1024;
    const step = fc.oneof(
      fc.record({
        do: fc.constant("send" as const),
        workshop: fc.nat({ max: 2 }),
        megabytes: fc.integer({ min: 1, max: 9 }),
      }),
      fc.record({ do: fc.constant("take" as const), rows: fc.integer({ min: 1, max: 4 }) }),
      fc.constant({ do: "settle" as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.nat(), async (steps, seed) => {
        const { clock, warehouse, senders, porter, send } = await openPorter({
          workshops: 3,
          batches: 3,
          seed,
        });
        for (const next of steps) {
          if (next.do === "settle") await clock.advance(0);
          else if (next.do === "take") {
            warehouse.take(0, 1, next.rows).forEach((load) => porter.recycle(load));
          } else if (senders[next.workshop].credit > 0) send(next.workshop, 1, next.megabytes * MB);
          assert.ok(warehouse.bytes <= WAREHOUSE_BYTES + 3 * 3 * 9 * MB);
        }
        await clock.advance(0);
        while (warehouse.has(1)) warehouse.take(0, 1, Infinity).forEach((load) => porter.recycle(load));
        await clock.advance(0);
        assert.deepEqual(senders.map(({ credit }) => credit), [3, 3, 3]);
      }),
      { numRuns: 30 },
    );
  });
});
