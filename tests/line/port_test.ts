import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { memoryChannel, type Port, portOf } from "../../src/line/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";

/** Both ends, and a way to let every message arrive. */
type Open = () => { near: Port; far: Port; settle: () => Promise<unknown> };

const kinds: Record<string, Open> = {
  "memoryChannel()"() {
    const clock = new VirtualClock({ seed: 3 });
    const [near, far] = memoryChannel(clock);
    return { near, far, settle: () => clock.advance(0) };
  },
  "portOf() a MessageChannel"() {
    const { port1, port2 } = new MessageChannel();
    return { near: portOf(port1), far: portOf(port2), settle: () => wait(50) };
  },
};

for (const [kind, open] of Object.entries(kinds)) {
  describe(kind, () => {
    it("keeps the order of messages, those before listen() too, in both directions", async () => {
      const { near, far, settle } = open();
      const received: unknown[] = [];
      const answers: unknown[] = [];
      near.post({ number: 0 });
      near.post({ number: 1 });
      await settle();
      far.listen((message) => {
        received.push(message);
        far.post(message);
      });
      near.listen((message) => answers.push(message));
      for (let number = 2; number < 20; number++) near.post({ number });
      await settle();
      const all = Array.from({ length: 20 }, (_, number) => ({ number }));
      assert.deepEqual(received, all);
      assert.deepEqual(answers, all);
      near.close();
      far.close();
    });

    it("moves buffers, and copies everything else", async () => {
      const { near, far, settle } = open();
      const received: { buffer: ArrayBuffer; list: number[] }[] = [];
      far.listen((message) => void received.push(message as { buffer: ArrayBuffer; list: number[] }));
      const buffer = Uint8Array.of(1, 2, 3).buffer;
      const list = [1];
      near.post({ buffer, list }, [buffer]);
      list.push(2);
      assert.equal(buffer.detached, true);
      await settle();
      assert.deepEqual([...new Uint8Array(received[0].buffer)], [1, 2, 3]);
      assert.deepEqual(received[0].list, [1]);
      near.close();
      far.close();
    });

    it("says nothing more to whoever has closed, and posting to the closed does nothing", async () => {
      const { near, far, settle } = open();
      const received: unknown[] = [];
      near.listen((message) => received.push(message));
      far.listen((message) => received.push(message));
      near.close();
      near.post("from the closed");
      far.post("to the closed");
      await settle();
      assert.deepEqual(received, []);
      far.close();
    });
  });
}

describe("memoryChannel()", () => {
  it("delivers on the clock's queue: never inside post()", async () => {
    const clock = new VirtualClock();
    const [near, far] = memoryChannel(clock);
    let received = 0;
    far.listen(() => received++);
    near.post("one");
    assert.equal(received, 0);
    await clock.advance(0);
    assert.equal(received, 1);
  });

  it("lets the seed decide which of several channels is heard first", async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const clock = new VirtualClock({ seed });
      const order: string[] = [];
      for (const name of ["a", "b", "c"]) {
        const [near, far] = memoryChannel(clock);
        far.listen(() => order.push(name));
        near.post(name);
      }
      await clock.advance(0);
      orders.add(order.join(""));
    }
    assert.equal(orders.size, 6);
  });
});
