import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DepartmentError } from "../../src/core/mod.ts";
import type { FactoryState } from "../../src/headquarters/mod.ts";
import { openDesk } from "./client.ts";

describe("GET /livez and /readyz", () => {
  it("answer 200 when all is well", async () => {
    const { json } = openDesk();
    for (const path of ["/livez", "/readyz"]) {
      assert.deepEqual(await json(path), { status: 200, body: { status: "ok", reasons: [] } });
    }
  });

  it("answer 503 with their own reasons", async () => {
    const { factory, json } = openDesk();
    factory.live = ["transport is silent"];
    factory.ready = ["workshop 1 is restarting", "the store is busy"];
    const live = await json("/livez");
    assert.deepEqual([live.status, live.body.reasons], [503, ["transport is silent"]]);
    const ready = await json("/readyz");
    assert.deepEqual([ready.status, ready.body.reasons], [503, factory.ready]);
    assert.equal(ready.body.title, "Service Unavailable");
  });

  it("readyz says since when a sink fails, and how often it has been tried", async () => {
    const { factory, json } = openDesk();
    const { products } = factory.inspect().warehouse;
    products[1].sinkTrouble = { since: Date.UTC(2030, 0, 2, 3, 4, 5), attempts: 14, outboxBytes: 0 };
    factory.ready = ["sink sqlite of alarm is retrying: database is locked"];
    const { status, body } = await json("/readyz");
    assert.deepEqual([status, body.reasons], [503, [
      ...factory.ready,
      "sink sqlite of alarm: 14 attempts have failed since 2030-01-02T03:04:05.000Z",
    ]]);
    assert.equal((await json("/livez")).status, 200);
  });

  it("readyz is 503 while the factory opens or winds down, livez is not", async () => {
    const { factory, json, ask } = openDesk();
    for (const state of ["opening", "draining", "failed"] satisfies FactoryState[]) {
      factory.state = state;
      const { status, body } = await json("/readyz");
      assert.deepEqual([status, body.reasons], [503, [`the factory is ${state}`]]);
      assert.equal((await ask("/livez")).status, 200);
    }
    factory.state = "paused";
    assert.equal((await ask("/readyz")).status, 200);
  });

  it("a factory that can't say how it is is not well", async () => {
    const { factory, json } = openDesk();
    factory.failure = new DepartmentError("procurement is gone");
    for (const path of ["/livez", "/readyz"]) {
      const { status, body } = await json(path);
      assert.deepEqual([status, body.reasons], [503, ["procurement is gone"]], path);
    }
  });
});
