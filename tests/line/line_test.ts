import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ClosedError } from "../../src/core/mod.ts";
import { SPARE_BUFFERS } from "../../src/core/limits.ts";
import {
  type BatchMessage,
  type Forward,
  LineReceiver,
  LineSender,
  memoryChannel,
} from "../../src/line/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";

const parcel = { type: 0, epoch: 1, rows: 10, at: 0 };

/** A line of `batches`, whose receiver keeps what it gets in `held` until told to release it. */
async function openLine(batches: number, seed = 1) {
  const clock = new VirtualClock({ seed });
  const [near, far] = memoryChannel(clock);
  const sender = new LineSender(near, clock);
  const held: Forward[] = [];
  const receiver = new LineReceiver(far, { batches, receive: (message) => held.push(message) });
  await clock.advance(0);
  return { clock, sender, receiver, held };
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant("send" as const) },
  { weight: 3, arbitrary: fc.constant("release" as const) },
  { weight: 1, arbitrary: fc.constant("barrier" as const) },
  { weight: 2, arbitrary: fc.constant("settle" as const) },
);

describe("a line", () => {
  it("never has more in flight than was granted, keeps the order, and ends with all its credit back", async () => {
    await fc.assert(fc.asyncProperty(
      fc.integer({ min: 1, max: 8 }),
      fc.array(step, { maxLength: 80 }),
      fc.nat(),
      async (batches, steps, seed) => {
        const { clock, sender, receiver, held } = await openLine(batches, seed);
        const sent: string[] = [];
        const received: string[] = [];
        let batch = 0;
        let epoch = 0;
        let released = 0;
        const release = () => {
          const message = held.shift();
          if (message === undefined) return;
          received.push(message.kind === "batch" ? `batch ${message.sequence}` : `barrier ${message.epoch}`);
          if (message.kind === "batch") {
            released++;
            receiver.release(message.buffer);
          }
        };
        for (const name of steps) {
          if (name === "settle") await clock.advance(0);
          else if (name === "release") release();
          else if (name === "barrier") {
            sender.barrier(++epoch, { offsets: {}, settle: false });
            sent.push(`barrier ${epoch}`);
          } else if (sender.credit > 0) {
            sender.send(parcel, new ArrayBuffer(64));
            sent.push(`batch ${++batch}`);
          } else {
            assert.throws(() => sender.send(parcel, new ArrayBuffer(64)), RangeError);
          }
          const { batches: inFlight } = sender.figures();
          assert.ok(inFlight <= batches);
          assert.ok(batch - released <= batches);
          assert.equal(inFlight + sender.credit, batches);
        }
        await clock.advance(0);
        while (held.length > 0) release();
        await clock.advance(0);
        assert.deepEqual(received, sent);
        assert.equal(sender.credit, batches);
        assert.equal(sender.idle, true);
      },
    ));
  });

  it("starts without credit: nothing is sent to someone who isn't there yet", () => {
    const clock = new VirtualClock();
    const [near] = memoryChannel(clock);
    const sender = new LineSender(near, clock);
    assert.equal(sender.credit, 0);
    assert.equal(sender.idle, true);
  });

  it("carries what the parcel says, and moves the buffer there and back", async () => {
    const { clock, sender, receiver, held } = await openLine(2);
    const buffer = Uint8Array.of(7, 8).buffer;
    sender.send({ type: 3, epoch: 9, rows: 2, at: 1_234 }, buffer);
    assert.equal(buffer.detached, true);
    await clock.advance(0);
    const message = held[0] as BatchMessage;
    const { buffer: arrived, ...rest } = message;
    assert.deepEqual(rest, { kind: "batch", type: 3, sequence: 1, epoch: 9, rows: 2, at: 1_234 });
    assert.deepEqual([...new Uint8Array(arrived)], [7, 8]);
    assert.equal(sender.spare(1_000), undefined);
    receiver.release(arrived);
    assert.equal(arrived.detached, true);
    await clock.advance(0);
    assert.deepEqual([...new Uint8Array(sender.spare(1_000)!)], [7, 8]);
    assert.equal(sender.spare(1_000), undefined);
  });

  it("keeps a few spent buffers, not all", async () => {
    const { clock, sender, receiver, held } = await openLine(2 * SPARE_BUFFERS);
    for (let i = 0; i < 2 * SPARE_BUFFERS; i++) sender.send(parcel, new ArrayBuffer(8));
    await clock.advance(0);
    for (const message of held) receiver.release((message as BatchMessage).buffer);
    await clock.advance(0);
    let spares = 0;
    while (sender.spare(1_000) !== undefined) spares++;
    assert.equal(spares, SPARE_BUFFERS);
  });

  it("gives no large buffer to a few rows, which would hold all of it on their way", async () => {
    const { clock, sender, receiver, held } = await openLine(1);
    sender.send(parcel, new ArrayBuffer(5_000));
    await clock.advance(0);
    receiver.release((held[0] as BatchMessage).buffer);
    await clock.advance(0);
    assert.equal(sender.spare(100), undefined);
    assert.equal(sender.spare(1_500)?.byteLength, 5_000);
  });

  it("ready() resolves at once with credit, and otherwise when some comes, for everyone who waits", async () => {
    const { clock, sender, receiver, held } = await openLine(1);
    await clock.until(sender.ready());
    sender.send(parcel, new ArrayBuffer(8));
    let ready = 0;
    void sender.ready().then(() => ready++);
    void sender.ready().then(() => ready++);
    await clock.advance(250);
    assert.equal(ready, 0);
    receiver.release((held[0] as BatchMessage).buffer);
    await clock.advance(0);
    assert.equal(ready, 2);
    assert.equal(sender.figures().blockedMs, 250);
  });

  it("close() rejects whoever waits, and whoever comes later; barriers and credit lead nowhere", async () => {
    const { clock, sender, receiver, held } = await openLine(1);
    sender.send(parcel, new ArrayBuffer(8));
    await clock.advance(0);
    const waiting = assert.rejects(sender.ready(), ClosedError);
    sender.close();
    sender.close();
    await waiting;
    await assert.rejects(sender.ready(), ClosedError);
    assert.equal(sender.credit, 0);
    sender.barrier(1, { offsets: {}, settle: false });
    receiver.release((held[0] as BatchMessage).buffer);
    await clock.advance(0);
    assert.equal(held.length, 1);
    assert.equal(sender.credit, 0);
    receiver.close();
    receiver.release();
  });

  it("figures() counts what is in flight, what was sent, and how long it waited", async () => {
    const { clock, sender, receiver, held } = await openLine(2);
    assert.deepEqual(sender.figures(), {
      batches: 0,
      items: 0,
      bytes: 0,
      capacityBatches: 2,
      oldestMs: 0,
      sentItems: 0,
      sentBatches: 0,
      blockedMs: 0,
    });
    sender.send({ ...parcel, rows: 10 }, new ArrayBuffer(100));
    await clock.advance(30);
    sender.send({ ...parcel, rows: 5 }, new ArrayBuffer(50));
    await clock.advance(30);
    void sender.ready();
    await clock.advance(40);
    assert.deepEqual(sender.figures(), {
      batches: 2,
      items: 15,
      bytes: 150,
      capacityBatches: 2,
      oldestMs: 100,
      sentItems: 15,
      sentBatches: 2,
      blockedMs: 40,
    });
    receiver.release((held[0] as BatchMessage).buffer);
    await clock.advance(10);
    const { batches, items, bytes, oldestMs, sentItems, blockedMs } = sender.figures();
    assert.deepEqual([batches, items, bytes, oldestMs, sentItems, blockedMs], [1, 5, 50, 80, 15, 40]);
  });
});
