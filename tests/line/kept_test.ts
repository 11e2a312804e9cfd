import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Forward, LineReceiver, LineSender, memoryChannel } from "../../src/line/mod.ts";
import { VirtualClock } from "../../src/testing/mod.ts";

const BATCHES = 3;

/** A line that keeps, and whoever listens to it at the moment. */
class Line {
  readonly clock: VirtualClock;
  readonly sender: LineSender;
  /** What the present receiver has got. */
  heard: Forward[] = [];
  #receiver: LineReceiver | undefined;
  #far: ReturnType<typeof memoryChannel>[1];

  constructor(seed: number) {
    this.clock = new VirtualClock({ seed });
    const [near, far] = memoryChannel(this.clock);
    this.sender = new LineSender(near, this.clock, { keep: true });
    this.#far = far;
    this.#listen();
  }

  die(): void {
    this.#receiver?.close();
    this.sender.sever();
  }

  replace(): void {
    const [near, far] = memoryChannel(this.clock);
    this.#far = far;
    this.sender.join(near);
    this.#listen();
  }

  #listen(): void {
    const heard: Forward[] = this.heard = [];
    const receiver = new LineReceiver(this.#far, {
      batches: BATCHES,
      receive: (message) => {
        heard.push(message);
        if (message.kind === "batch") receiver.release(message.buffer);
      },
    });
    this.#receiver = receiver;
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant("send" as const) },
  { weight: 2, arbitrary: fc.constant("barrier" as const) },
  { weight: 2, arbitrary: fc.constant("commit" as const) },
  { weight: 1, arbitrary: fc.constant("die" as const) },
  { weight: 1, arbitrary: fc.constant("replace" as const) },
  { weight: 3, arbitrary: fc.constant("wait" as const) },
);

describe("a line that keeps what isn't committed", () => {
  it("gives whoever takes the receiver's place all of it, in order, and goes on behind it", () =>
    fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 80 }), fc.nat(), async (steps, seed) => {
      const line = new Line(seed);
      let epoch = 1;
      let committed = 0;
      let sent: string[] = [];
      let base = 0;
      for (const next of [...steps, "die" as const, "replace" as const]) {
        if (next === "wait") await line.clock.advance(1);
        else if (next === "send" && line.sender.credit > 0) {
          const buffer = new Uint8Array([sent.length + base]).buffer;
          line.sender.send({ type: 0, epoch, rows: 1, at: 0 }, buffer);
          sent.push(`${epoch} batch`);
        } else if (next === "barrier") {
          sent.push(`${epoch} barrier`);
          line.sender.barrier(epoch++, { offsets: {} });
        } else if (next === "commit" && epoch - 1 > committed) {
          committed++;
          line.sender.committed(committed);
          const left = sent.filter((each) => parseInt(each) > committed);
          base += sent.length - left.length;
          sent = left;
        } else if (next === "die") line.die();
        else if (next === "replace") line.replace();
      }
      await line.clock.advance(1_000);
      assert.deepEqual(line.heard.map(({ kind, epoch }) => `${epoch} ${kind}`), sent);
      assert.equal(line.sender.figures().batches, 0);
    })));

  it("keeps nothing that is committed", async () => {
    const line = new Line(1);
    await line.clock.advance(1);
    line.sender.send({ type: 0, epoch: 1, rows: 1, at: 0 }, new ArrayBuffer(100));
    line.sender.send({ type: 0, epoch: 2, rows: 1, at: 0 }, new ArrayBuffer(10));
    assert.equal(line.sender.keptBytes, 110);
    line.sender.committed(1);
    assert.equal(line.sender.keptBytes, 10);
    line.sender.committed(7);
    assert.equal(line.sender.keptBytes, 0);
  });

  it("takes more while its receiver is gone, so that the others go on", async () => {
    const line = new Line(1);
    await line.clock.advance(1);
    line.die();
    for (let sent = 0; sent < 50; sent++) {
      assert.ok(line.sender.credit > 0);
      line.sender.send({ type: 0, epoch: 1, rows: 1, at: 0 }, new ArrayBuffer(8));
    }
    line.replace();
    await line.clock.advance(1);
    assert.equal(line.heard.length, 50);
  });
});
