import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Heartbeats } from "../../src/headquarters/heartbeats.ts";
import { VirtualClock } from "../../src/testing/mod.ts";

function watch() {
  const clock = new VirtualClock();
  const silent: string[] = [];
  const heartbeats = new Heartbeats({
    clock,
    silentMs: 1_000,
    onSilent: (department, ms) => silent.push(`${department} ${ms} ${Math.round(clock.monotonic())}`),
  });
  return { clock, silent, heartbeats };
}

const never = () => new Promise<void>(() => {});
const always = () => Promise.resolve();

describe("Heartbeats", () => {
  it("tells once who has been silent for too long, and nothing of who answers, even with an error", async () => {
    const { clock, silent, heartbeats } = watch();
    heartbeats.watch("deaf", { ping: never, silentMs: 1_000 });
    heartbeats.watch("slow to be missed", { ping: never, silentMs: 3_000 });
    heartbeats.watch("well", { ping: always, silentMs: 1_000 });
    heartbeats.watch("unwilling", { ping: () => Promise.reject(new Error("no")), silentMs: 1_000 });
    await clock.advance(10_000);
    assert.deepEqual(silent, ["deaf 1000 1250", "slow to be missed 3000 3250"]);
    heartbeats.close();
  });

  it("asks nobody twice at a time, and whoever comes back is asked again", async () => {
    const { clock, silent, heartbeats } = watch();
    let asked = 0;
    let answer = () => {};
    const ping = () => {
      asked++;
      return new Promise<void>((resolve) => answer = resolve);
    };
    heartbeats.watch("late", { ping, silentMs: 1_000 });
    await clock.advance(900);
    assert.equal(asked, 1);
    answer();
    await clock.advance(600);
    assert.equal(asked, 2);
    assert.deepEqual(silent, []);
    heartbeats.close();
  });

  it("doesn't blame others for a time in which the asking thread itself was busy", () => {
    let now = 0;
    let round = () => {};
    const clock = {
      ...new VirtualClock(),
      monotonic: () => now,
      now: () => now,
      after(_ms: number, callback: () => void) {
        round = callback;
        return { cancel() {} };
      },
    } as unknown as VirtualClock;
    const silent: string[] = [];
    const onSilent = (department: string) => silent.push(department);
    const heartbeats = new Heartbeats({ clock, silentMs: 1_000, onSilent });
    heartbeats.watch("well", { ping: never, silentMs: 1_000 });
    for (const at of [250, 500, 5_500, 5_750]) {
      now = at;
      round();
    }
    assert.deepEqual(silent, [], "the answer may be waiting behind what kept the thread busy");
    for (const at of [6_000, 6_250, 6_500]) {
      now = at;
      round();
    }
    assert.deepEqual(silent, ["well"]);
  });

  it("forgets who is not to be watched any more", async () => {
    const { clock, silent, heartbeats } = watch();
    heartbeats.watch("gone", { ping: never, silentMs: 1_000 });
    heartbeats.forget("gone");
    await clock.advance(5_000);
    assert.deepEqual(silent, []);
    heartbeats.close();
  });
});
