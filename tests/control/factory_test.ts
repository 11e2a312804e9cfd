import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openDesk, sending } from "./client.ts";

describe("/v1/factory", () => {
  it("tells what the factory is and does", async () => {
    const { json } = openDesk();
    const { status, body } = await json("/v1/factory");
    assert.equal(status, 200);
    assert.deepEqual([body.name, body.state, body.workshops], ["thermometers", "open", 2]);
    assert.deepEqual(body.epoch, { current: 8, committed: 7 });
    assert.equal(body.totals.rejected, 3);
  });

  it("pauses and resumes, answering with the status", async () => {
    const { json } = openDesk();
    assert.equal((await json("/v1/factory/pause", { method: "POST" })).body.state, "paused");
    assert.equal((await json("/v1/factory/resume", { method: "POST" })).body.state, "open");
  });

  it("checkpoints, answering with the committed epoch", async () => {
    const { json } = openDesk();
    assert.deepEqual((await json("/v1/factory/checkpoint", { method: "POST" })).body, { epoch: 8 });
  });

  it("rescales, answering with the status", async () => {
    const { factory, json } = openDesk();
    const { status, body } = await json("/v1/factory", sending("PATCH", { workshops: 5 }));
    assert.deepEqual([status, body.workshops], [200, 5]);
    assert.deepEqual(factory.calls, ["scale 5"]);
  });

  it("changes nothing at all when there can be no such number of workshops", async () => {
    const { factory, json } = openDesk();
    for (const workshops of [0, 65, 1.5, -1, "3", null, undefined]) {
      const { status, body } = await json("/v1/factory", sending("PATCH", { workshops }));
      assert.deepEqual([status, body.code, body.errors[0].field], [400, "BODY_INVALID", "workshops"]);
    }
    assert.equal((await json("/v1/factory", sending("PATCH", { workshops: 3, name: "x" }))).status, 400);
    assert.equal((await json("/v1/factory", { method: "PATCH" })).status, 400);
    assert.deepEqual(factory.calls, []);
  });

  it("drains, answering with the summary", async () => {
    const { factory, json } = openDesk();
    const { status, body } = await json("/v1/factory/drain", { method: "POST" });
    assert.deepEqual([status, body.name], [200, "thermometers"]);
    assert.equal(factory.state, "closed");
    assert.equal((await json("/v1/factory")).status, 503);
  });
});

describe("/v1/lines and /v1/workshops", () => {
  it("list one of each for each workshop", async () => {
    const { json } = openDesk();
    const lines = (await json("/v1/lines")).body;
    assert.equal(lines.length, 2);
    for (
      const field of ["workshop", "batches", "items", "bytes", "capacityBatches", "oldestMs", "backPressure"]
    ) {
      assert.ok(field in lines[0], field);
    }
    const workshops = (await json("/v1/workshops")).body;
    assert.deepEqual(workshops.map(({ id }: { id: number }) => id), [0, 1]);
  });

  it("show one workshop by its id", async () => {
    const { json } = openDesk();
    assert.equal((await json("/v1/workshops/1")).body.id, 1);
    assert.equal((await json("/v1/workshops/2")).status, 404);
    assert.equal((await json("/v1/workshops/one")).status, 400);
    assert.equal((await json("/v1/workshops/-1")).status, 400);
  });
});

describe("/v1/procurement", () => {
  it("shows and changes pace and pause", async () => {
    const { factory, json } = openDesk();
    assert.deepEqual((await json("/v1/procurement")).body, {
      source: "push",
      state: "buying",
      offsets: null,
      paused: false,
      ratePerSecond: null,
    });
    assert.equal(
      (await json("/v1/procurement", sending("PATCH", { ratePerSecond: 50 }))).body.ratePerSecond,
      50,
    );
    assert.equal((await json("/v1/procurement", sending("PATCH", { paused: true }))).body.paused, true);
    const both = await json("/v1/procurement", sending("PATCH", { paused: false, ratePerSecond: null }));
    assert.deepEqual([both.body.paused, both.body.ratePerSecond], [false, null]);
    assert.deepEqual(factory.calls, ["setRate 50", "pause", "setRate null", "resume"]);
  });

  it("changes nothing at all when a field is wrong", async () => {
    const { factory, json } = openDesk();
    const wrong = [{}, [], null, 5, { ratePerSecond: 0 }, { ratePerSecond: -1 }, { ratePerSecond: "5" }, {
      paused: 1,
    }, { ratePerSecond: 5, pause: true }];
    for (const body of wrong) {
      const answer = await json("/v1/procurement", sending("PATCH", body));
      assert.deepEqual([answer.status, answer.body.code], [400, "BODY_INVALID"], JSON.stringify(body));
      assert.ok(answer.body.errors.length > 0);
    }
    assert.deepEqual(factory.calls, []);
  });

  it("names the field that is wrong", async () => {
    const { json } = openDesk();
    const { body } = await json("/v1/procurement", sending("PATCH", { ratePerSecond: "fast" }));
    assert.equal(body.errors[0].field, "ratePerSecond");
    assert.match(body.detail, /^the body is not what was wanted: ratePerSecond: /);
  });

  it("takes JSON and nothing else", async () => {
    const { json } = openDesk();
    const headers = { "content-type": "text/plain" };
    assert.equal((await json("/v1/procurement", { method: "PATCH", body: "{}", headers })).status, 415);
    const broken = { method: "PATCH", body: "{", headers: { "content-type": "application/json" } };
    assert.equal((await json("/v1/procurement", broken)).status, 400);
  });
});
