import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Broadcast } from "../../src/headquarters/broadcast.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";

const clock = new VirtualClock();

/** Gathers what a loop sees. */
function listen(broadcast: Broadcast<number>): { seen: number[]; ended: Promise<void> } {
  const seen: number[] = [];
  const loop = async () => {
    for await (const value of broadcast.values()) seen.push(value);
  };
  return { seen, ended: loop() };
}

describe("Broadcast", () => {
  it("hands every value to every loop under way, from the time that it begins", async () => {
    const broadcast = new Broadcast<number>();
    broadcast.send(0);
    const first = listen(broadcast);
    await clock.advance(0);
    broadcast.send(1);
    await clock.advance(0);
    const second = listen(broadcast);
    await clock.advance(0);
    broadcast.send(2);
    await clock.advance(0);
    assert.deepEqual([first.seen, second.seen], [[1, 2], [2]]);
    assert.equal(broadcast.latest, 2);
    broadcast.close();
    await Promise.all([first.ended, second.ended]);
  });

  it("keeps only the latest value for a slow loop", async () => {
    const broadcast = new Broadcast<number>();
    const values = broadcast.values();
    const first = values.next();
    await clock.advance(0);
    broadcast.send(1);
    assert.equal((await first).value, 1);
    for (const value of [2, 3, 4]) broadcast.send(value);
    assert.equal((await values.next()).value, 4);
    broadcast.close();
  });

  it("ends loops when it is closed, and those that begin later at once", async () => {
    const broadcast = new Broadcast<number>();
    const { ended } = listen(broadcast);
    await clock.advance(0);
    broadcast.close();
    await ended;
    await listen(broadcast).ended;
  });

  it("forgets loops that are left", async () => {
    const broadcast = new Broadcast<number>();
    let rounds = 0;
    const left = (async () => {
      for await (const _value of broadcast.values()) if (++rounds === 2) break;
    })();
    for (let value = 0; value < 5; value++) {
      await clock.advance(0);
      broadcast.send(value);
    }
    await left;
    assert.equal(rounds, 2);
  });
});
