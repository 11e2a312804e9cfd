import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ClosedError } from "../../src/core/mod.ts";
import { type Forward, LineReceiver, LineSender, memoryChannel, Packer } from "../../src/line/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { FakeWriter, ROW_BYTES } from "./fake_writer.ts";

async function openLine({ batches = 2, overdraftBytes = 1_000, keep = false } = {}) {
  const clock = new VirtualClock();
  const [near, far] = memoryChannel(clock);
  const credits = { count: 0 };
  const sender = new LineSender(near, clock, { overdraftBytes, keep, onCredit: () => credits.count++ });
  const received: Forward[] = [];
  const receiver = new LineReceiver(far, { batches, receive: (message) => void received.push(message) });
  await clock.advance(0);
  let sent = 0;
  const send = (epoch = 1) => sender.send({ type: 0, epoch, rows: ++sent, at: 0 }, new ArrayBuffer(100));
  const release = async () => {
    receiver.release(new ArrayBuffer(100));
    await clock.advance(0);
  };
  /** Batches by number and epoch, and barriers. */
  const order = () =>
    received.map((message) =>
      message.kind === "batch" ? `${message.rows} in ${message.epoch}` : `end of ${message.epoch}`
    );
  return { clock, sender, received, send, release, order, credits };
}

const plain = { offsets: {} };

describe("a LineSender that may be overdrawn", () => {
  it("takes batches without credit up to its bound, and sends them in order later", async () => {
    const { clock, sender, send, release, order } = await openLine();
    for (let i = 0; i < 12; i++) send();
    assert.deepEqual([sender.credit, sender.overdraft], [0, 0]);
    assert.throws(() => send(), /without credit/);
    await clock.advance(0);
    assert.deepEqual(order(), ["1 in 1", "2 in 1"]);
    assert.deepEqual([sender.figures().backlogBytes, sender.figures().backlogItems], [1_000, 75]);
    assert.equal(sender.keptBytes, 1_000);
    for (let i = 0; i < 12; i++) await release();
    assert.deepEqual(order(), Array.from({ length: 12 }, (_, i) => `${i + 1} in 1`));
    assert.deepEqual([sender.figures().backlogBytes, sender.figures().backlogItems], [0, 0]);
    assert.deepEqual([sender.credit, sender.overdraft, sender.keptBytes], [2, 1_000, 0]);
  });

  it("lets barriers pass, and has what they pass belong to a later epoch", async () => {
    const { clock, sender, send, release, order } = await openLine({ batches: 1 });
    for (let i = 0; i < 3; i++) send(1);
    sender.barrier(1, plain);
    send(2);
    sender.barrier(2, plain);
    await clock.advance(0);
    assert.deepEqual(order(), ["1 in 1", "end of 1", "end of 2"]);
    assert.deepEqual([sender.owing, sender.covered(2)], [true, 0]);
    await release();
    sender.barrier(3, plain);
    await release();
    await release();
    assert.deepEqual(order().slice(3), ["2 in 3", "end of 3", "3 in 4", "4 in 4"]);
    assert.deepEqual([1, 2, 3].map((epoch) => sender.covered(epoch)), [0, 0, 0]);
    assert.equal(sender.owing, true);
    sender.barrier(4, plain);
    assert.equal(sender.covered(4), 4);
    assert.equal(sender.owing, false);
  });

  for (const last of ["settle", "halt"]) {
    it(`has a barrier wait for which everything has to be finished, and all behind it: ${last}`, async () => {
      const { clock, sender, send, release, order } = await openLine({ batches: 1 });
      for (let i = 0; i < 2; i++) send(1);
      sender.barrier(1, { ...plain, [last]: true });
      send(2);
      sender.barrier(2, plain);
      await clock.advance(0);
      assert.deepEqual(order(), ["1 in 1"]);
      for (let i = 0; i < 3; i++) await release();
      assert.deepEqual(order(), ["1 in 1", "2 in 1", "end of 1", "3 in 2", "end of 2"]);
      assert.equal(sender.covered(1), 1);
    });
  }

  it("has no overdraft if it keeps what isn't committed: that has to stay in its epoch", async () => {
    const { sender, send } = await openLine({ keep: true });
    for (let i = 0; i < 2; i++) send();
    assert.deepEqual([sender.credit, sender.overdraft], [0, 0]);
    assert.throws(() => send(), /without credit/);
  });

  it("says when the receiver has taken something, and waits in ready() for credit of its own", async () => {
    const { clock, sender, send, release, credits } = await openLine({ batches: 1 });
    const before = credits.count;
    send();
    send();
    let ready = false;
    void sender.ready().then(() => ready = true);
    await release();
    assert.deepEqual([ready, credits.count - before], [false, 1]);
    await release();
    assert.deepEqual([ready, credits.count - before], [true, 2]);
    send();
    const closed = assert.rejects(sender.ready(), ClosedError);
    sender.close();
    await closed;
    await clock.advance(0);
    assert.equal(sender.overdraft, 0);
  });

  it("keeps the order and its bound, brings everything, and counts no epoch as covered too early", async () => {
    const step = fc.constantFrom("send", "send", "send", "release", "barrier", "settle");
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const { clock, sender, send, release, received } = await openLine({ overdraftBytes: 450 });
      const cameIn: number[] = [];
      let epoch = 1;
      let released = 0;
      const batches = () => received.filter((message) => message.kind === "batch");
      const free = async () => {
        if (released === batches().length) return;
        released++;
        await release();
      };
      for (const each of steps) {
        if (each === "release") await free();
        else if (each !== "send") sender.barrier(epoch++, { ...plain, settle: each === "settle" });
        else if (sender.credit > 0 || sender.overdraft > 0) {
          cameIn.push(epoch);
          send(epoch);
        }
        await clock.advance(0);
        assert.ok(sender.figures().backlogBytes! <= 500 && sender.figures().batches <= 2);
      }
      sender.barrier(epoch, { ...plain, settle: true });
      while (released < cameIn.length) await free();
      await clock.advance(0);

      assert.deepEqual(batches().map(({ rows }) => rows), cameIn.map((_, index) => index + 1));
      let ended = 0;
      for (const message of received) {
        if (message.kind === "batch") {
          assert.equal(message.epoch, ended + 1, "between the barriers of its epoch");
        } else assert.equal(message.epoch, ++ended);
      }
      assert.equal(ended, epoch);
      for (let committed = 1; committed <= epoch; committed++) {
        const open = batches().findIndex((message) => message.epoch > committed);
        const expected = open < 0 ? committed : Math.min(committed, cameIn[open] - 1);
        assert.equal(sender.covered(committed), expected);
      }
      assert.equal(sender.owing, false);
    }));
  });
});

describe("Packer.flush()", () => {
  it("overdraws when asked to", async () => {
    const { clock, sender, order } = await openLine({ batches: 1 });
    const packer = new Packer({
      writer: new FakeWriter(),
      sender,
      clock,
      type: 0,
      batchBytes: 3 * ROW_BYTES,
    });
    packer.append("a", "k", 0);
    assert.equal(packer.flush(1), true);
    packer.append("b", "k", 0);
    assert.equal(packer.flush(1), false);
    assert.equal(packer.flush(1, { overdraw: true }), true);
    await clock.advance(0);
    assert.deepEqual(order(), ["1 in 1"]);
    assert.equal(sender.figures().backlogItems, 1);
  });
});
