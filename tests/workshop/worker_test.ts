import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { materialJob } from "../../src/workshop/job.ts";
import { staffOf } from "../../src/workshop/worker.ts";

function hire() {
  const clock = new VirtualClock();
  const rings: string[] = [];
  const ring = (key: string, _hash: number, name: string) =>
    rings.push(`${key} ${name} ${clock.monotonic()}`);
  const worker = new (staffOf({ clock, ring }))({ key: "a", hash: 1, state: { count: 0 } });
  worker.index = 0;
  return { clock, rings, worker };
}

describe("KeyedWorker.after()", () => {
  it("rings once, at its time; a timer of the same name is replaced, others are not", async () => {
    const { clock, rings, worker } = hire();
    worker.after(10, "one");
    worker.after(20, "two");
    worker.after(30, "one");
    worker.grant();
    await clock.advance(100);
    assert.deepEqual(rings, ["a two 20", "a one 30"]);
  });

  it("is forgotten by cancel(), and all are by rest()", async () => {
    const { clock, rings, worker } = hire();
    worker.after(10, "one");
    worker.after(10, "two");
    worker.after(10, "three");
    worker.cancel("two");
    worker.cancel("two");
    worker.cancel("unknown");
    worker.grant();
    await clock.advance(5);
    worker.rest();
    await clock.advance(100);
    assert.deepEqual(rings, []);
    assert.equal(worker.busy, false);
  });

  it("counts only when the turn ends well", async () => {
    const { clock, rings, worker } = hire();
    worker.after(10, "kept");
    worker.grant();
    worker.after(20, "one");
    worker.cancel("kept");
    assert.deepEqual(worker.timers().map(([name]) => name), ["kept"], "while the turn is under way");
    worker.settle(); // it has failed
    await clock.advance(100);
    assert.deepEqual(rings, ["a kept 10"]);
  });

  it("refuses times that are none", () => {
    const { worker } = hire();
    for (const ms of [-1, NaN]) assert.throws(() => worker.after(ms, "odd"), RangeError);
  });

  it("does nothing for a worker that is off the roster", async () => {
    const { clock, rings, worker } = hire();
    worker.index = -1;
    worker.after(10, "late");
    worker.grant();
    await clock.advance(100);
    assert.deepEqual(rings, []);
  });

  it("keeps its worker busy until it rings", async () => {
    const { clock, worker } = hire();
    assert.equal(worker.busy, false);
    worker.after(10, "one");
    worker.grant();
    assert.equal(worker.busy, true);
    assert.deepEqual(worker.timers(), [["one", clock.now() + 10]]);
    await clock.advance(10);
    worker.rang("one");
    assert.equal(worker.busy, false);
  });
});

describe("KeyedWorker.signal", () => {
  it("aborts with the reason, also for whoever asks for it only later", () => {
    const { worker } = hire();
    const early = worker.signal;
    worker.abort(new Error("overdue"));
    assert.equal(early.aborted, true);
    assert.equal(worker.signal.aborted, true, "asked for after the abort");
    assert.equal(worker.signal.reason.message, "overdue");

    const unasked = hire().worker;
    unasked.abort(new Error("overdue"));
    assert.equal(unasked.signal.aborted, true);
  });

  it("is a new one in every turn", () => {
    const { worker } = hire();
    const first = worker.signal;
    assert.equal(worker.signal, first);
    worker.settle();
    assert.notEqual(worker.signal, first);
    assert.equal(first.aborted, false);
  });
});

describe("KeyedWorker.replace()", () => {
  it("hands key, age, count, belt and timers to an heir with a state of its own", async () => {
    const { clock, rings, worker } = hire();
    const { hiredAt } = worker;
    await clock.advance(5);
    worker.processed = 7;
    worker.belt = [materialJob(1, 0, 0)];
    worker.leaving = "asked";
    worker.after(10, "one");
    worker.grant();
    const heir = worker.replace({ count: 3 });
    const { key, hash, state, processed, leaving } = heir;
    assert.deepEqual({ key, hash, state, processed, leaving, hiredAt: heir.hiredAt }, {
      key: "a",
      hash: 1,
      state: { count: 3 },
      processed: 7,
      leaving: "asked",
      hiredAt,
    });
    assert.equal(heir.waiting, 1);
    assert.equal(worker.waiting, 0);
    worker.rest();
    worker.cancel("one");
    await clock.advance(10);
    assert.deepEqual(rings, ["a one 15"]);
  });
});
