import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sleep } from "../../src/core/mod.ts";
import { Shop } from "./shop.ts";

describe("timers of workers", () => {
  it("call onTimer with their name at their time, in turn with the items; it may ship and set others", async () => {
    const shop: Shop = new Shop({
      hire: () => ({ rings: 0 }),
      work(worker, { value }, ship) {
        ship("out", { key: worker.key, value });
        worker.after(100, "tick");
      },
      async onTimer(worker, name, ship) {
        await sleep(shop.clock, 50);
        worker.state.rings++;
        ship("last", { key: `${worker.key} ${name}`, value: shop.clock.monotonic() });
        if (worker.state.rings < 3) worker.after(100, "tick");
      },
    });
    await shop.give("a", 1);
    await shop.clock.advance(60);
    await shop.give("b", 2);
    await shop.clock.advance(60);
    await shop.give("a", 3); // while a's timer's turn is under way
    await shop.clock.advance(10);
    assert.deepEqual(shop.values("a"), [1], "the item waits for the timer's turn");
    await shop.clock.advance(1_000);
    assert.deepEqual(shop.values("a"), [1, 3]);
    assert.deepEqual(shop.last.map(({ row }) => [row.key, row.value]), [
      ["a tick", 150],
      ["b tick", 210],
      ["a tick", 300],
      ["b tick", 360],
      ["a tick", 450],
      ["b tick", 510],
    ]);
    assert.equal(shop.department.worker("a")!.processed, 2, "timers are no items");
    shop.close();
  });

  it("can be cancelled and replaced, from any turn", async () => {
    const rings: string[] = [];
    const shop: Shop = new Shop({
      hire: () => null,
      work(worker, { value }) {
        if (value === 0) ["one", "two", "three"].forEach((name) => worker.after(100, name));
        if (value === 1) worker.cancel("one");
        if (value === 2) worker.after(200, "two");
      },
      onTimer(worker, name) {
        rings.push(`${name} ${shop.clock.monotonic()}`);
        if (name === "three") worker.cancel("two");
      },
    });
    for (const value of [0, 1]) await shop.give("a", value);
    await shop.clock.advance(50);
    await shop.give("a", 2);
    await shop.clock.advance(1_000);
    assert.deepEqual(rings, ["three 100"]);
    shop.close();
  });

  it("are tried again when onTimer fails, and end in a dead letter", async () => {
    const shop: Shop = new Shop({
      turn: { retries: { attempts: 2, minMs: 10, jitter: 0 } },
      hire: () => ({ rings: 0 }),
      work: (worker) => worker.after(100, "tick"),
      onTimer(worker, _name, ship) {
        worker.state.rings++;
        ship("out", { key: "a", value: 1 });
        throw new Error("odd");
      },
    });
    await shop.give("a", 1);
    await shop.clock.advance(1_000);
    assert.deepEqual(shop.letters.map(({ key, row }) => [key, row.reason, row.attempts, row.material]), [
      ["a", "timer", 2, "null"],
    ]);
    assert.deepEqual(shop.values(), []);
    assert.deepEqual(shop.department.worker("a")!.state, { rings: 0 });
    shop.close();
  });

  it("do nothing where there is no onTimer", async () => {
    const shop = new Shop({ hire: () => null, work: (worker) => worker.after(10, "tick") });
    await shop.give("a", 1);
    await shop.clock.advance(1_000);
    assert.equal(shop.letters.length, 0);
    shop.close();
  });

  it("keep their worker hired beyond its idle contract, and lapse with a dismissal", async () => {
    const rings: string[] = [];
    const shop = new Shop({
      contract: { idleMs: 100 },
      hire: () => null,
      work: (worker, { value }) => worker.after(value, "tick"),
      onTimer: (worker) => void rings.push(worker.key),
    });
    await shop.give("a", 1_000);
    await shop.give("b", 1_000);
    await shop.clock.advance(900);
    assert.equal(shop.department.figures().workers, 2);
    assert.equal(shop.department.dismiss("b"), true);
    await shop.clock.advance(1_000);
    assert.deepEqual(rings, ["a"]);
    assert.deepEqual(shop.department.figures().dismissed, { asked: 1, idle: 1 });
    shop.close();
  });
});
