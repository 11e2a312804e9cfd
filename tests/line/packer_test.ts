import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ItemError } from "../../src/core/mod.ts";
import { BATCH_ROWS } from "../../src/core/limits.ts";
import { type BatchMessage, LineReceiver, LineSender, memoryChannel, Packer } from "../../src/line/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { FakeWriter, ROW_BYTES, unsealed } from "./fake_writer.ts";

async function openPacker({ batches = 4, batchBytes = 1_000, type = 0 } = {}) {
  const clock = new VirtualClock();
  const [near, far] = memoryChannel(clock);
  const sender = new LineSender(near, clock);
  const received: BatchMessage[] = [];
  const receive = (message: unknown) => void received.push(message as BatchMessage);
  const receiver = new LineReceiver(far, { batches, receive });
  await clock.advance(0);
  const writer = new FakeWriter();
  const packer = new Packer({ writer, sender, clock, type, batchBytes });
  return { clock, sender, receiver, received, writer, packer };
}

describe("Packer", () => {
  it("is full at batchBytes, and at BATCH_ROWS however small the rows are", async () => {
    const { packer } = await openPacker({ batchBytes: 10 * ROW_BYTES });
    for (let i = 0; i < 9; i++) packer.append(i, "k", 0);
    assert.equal(packer.full, false);
    packer.append(9, "k", 0);
    assert.equal(packer.full, true);

    const roomy = (await openPacker({ batchBytes: 2 * BATCH_ROWS * ROW_BYTES })).packer;
    for (let i = 1; i < BATCH_ROWS; i++) roomy.append(i, "k", 0);
    assert.equal(roomy.full, false);
    roomy.append(0, "k", 0);
    assert.equal(roomy.full, true);
  });

  it("flush() sends what waits as one batch of the epoch, with its type and the time of its first row", async () => {
    const { clock, packer, received } = await openPacker({ type: 2 });
    const startedAt = clock.now();
    await clock.advance(10);
    packer.append("a", "k", 0);
    await clock.advance(10);
    packer.append("b", "k", 0);
    assert.deepEqual([packer.rows, packer.bytes], [2, 2 * ROW_BYTES]);
    assert.equal(packer.flush(7), true);
    assert.deepEqual([packer.rows, packer.bytes], [0, 0]);
    await clock.advance(0);
    const [{ type, epoch, rows, at, buffer }] = received;
    assert.deepEqual({ type, epoch, rows, at }, { type: 2, epoch: 7, rows: 2, at: startedAt + 10 });
    assert.deepEqual(unsealed(buffer), ["a", "b"]);
  });

  it("flush() sends nothing when nothing waits, and keeps what waits without credit", async () => {
    const { clock, packer, received, receiver } = await openPacker({ batches: 1 });
    assert.equal(packer.flush(1), true);
    packer.append("a", "k", 0);
    assert.equal(packer.flush(1), true);
    packer.append("b", "k", 0);
    assert.equal(packer.flush(1), false);
    assert.equal(packer.rows, 1);
    await clock.advance(0);
    receiver.release(received[0].buffer);
    await clock.advance(0);
    assert.equal(packer.flush(1), true);
    await clock.advance(0);
    assert.deepEqual(received.slice(1).map(({ buffer }) => unsealed(buffer)), [["b"]]);
  });

  it("flush() hands the writer the buffer that came back", async () => {
    const { clock, packer, received, receiver, writer } = await openPacker({ batches: 1 });
    packer.append("a", "k", 0);
    packer.flush(1);
    await clock.advance(0);
    const { byteLength } = received[0].buffer;
    receiver.release(received[0].buffer);
    await clock.advance(0);
    packer.append("b", "k", 0);
    packer.flush(1);
    assert.deepEqual(writer.spares.map((spare) => spare?.byteLength), [undefined, byteLength]);
  });

  it("counts the linger of a batch from its first row, whatever was truncated or refused before", async () => {
    const { clock, packer, received } = await openPacker();
    packer.append("gone", "k", 0);
    await clock.advance(5);
    packer.truncate(0);
    assert.throws(() => packer.append(undefined, "k", 0), ItemError);
    await clock.advance(5);
    packer.append("a", "k", 0);
    const firstAt = clock.now();
    await clock.advance(5);
    packer.append("b", "k", 0);
    packer.truncate(1);
    packer.append("c", "k", 0);
    packer.flush(1);
    await clock.advance(0);
    assert.equal(received[0].at, firstAt);
    assert.deepEqual(unsealed(received[0].buffer), ["a", "c"]);
  });

  it("sends every row that was appended and not truncated, once, in order", async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.constant("append" as const) },
      fc.constant("truncate" as const),
      fc.constant("flush" as const),
      fc.constant("release" as const),
    );
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { clock, packer, receiver, received } = await openPacker({ batches: 2 });
      const expected: number[] = [];
      let released = 0;
      const releaseAll = async () => {
        await clock.advance(0);
        const found = received.slice(released).map(({ buffer }) => unsealed(buffer));
        for (const { buffer } of received.slice(released)) receiver.release(buffer);
        released = received.length;
        await clock.advance(0);
        return found.flat();
      };
      const found: unknown[] = [];
      for (const [index, name] of steps.entries()) {
        if (name === "append") {
          packer.append(index, "k", 0);
          expected.push(index);
        } else if (name === "truncate" && packer.rows > 0) {
          packer.truncate(packer.rows - 1);
          expected.pop();
        } else if (name === "flush") packer.flush(1);
        else if (name === "release") found.push(...await releaseAll());
      }
      while (!packer.flush(1)) found.push(...await releaseAll());
      found.push(...await releaseAll());
      assert.deepEqual(found, expected);
    }));
  });
});
