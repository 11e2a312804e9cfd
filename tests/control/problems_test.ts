import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BlueprintError,
  BusyError,
  ClosedError,
  DeadlineError,
  DepartmentError,
  ItemError,
  OptionsError,
  SinkError,
  SourceError,
  StoreError,
} from "../../src/core/mod.ts";
import { openDesk } from "./client.ts";

describe("a problem", () => {
  it("is a document of RFC 9457", async () => {
    const { ask } = openDesk();
    const response = await ask("/nothing", { headers: { "x-request-id": "req-1" } });
    assert.equal(response.status, 404);
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    assert.deepEqual(await response.json(), {
      type: "about:blank",
      title: "Not Found",
      status: 404,
      detail: "there is nothing at /nothing",
      code: "NOT_FOUND",
      requestId: "req-1",
    });
  });

  it("says which methods a path takes", async () => {
    const { ask, json } = openDesk();
    const response = await ask("/v1/factory", { method: "PUT" });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("allow"), "GET, HEAD, PATCH");
    assert.equal((await ask("/v1/workers/a", { method: "POST" })).headers.get("allow"), "DELETE, GET, HEAD");
    assert.equal((await ask("/v1/factory/pause")).headers.get("allow"), "POST");
    assert.equal((await json("/v1/materials")).body.code, "METHOD_NOT_ALLOWED");
  });

  it("has the status that each error of Shopfloor stands for", async () => {
    const { factory, json, errors } = openDesk();
    const cases: [unknown, number, string][] = [
      [new BusyError("m"), 429, "BUSY"],
      [new ClosedError("m"), 503, "CLOSED"],
      [new DepartmentError("m"), 503, "DEPARTMENT_FAILED"],
      [new DeadlineError("m"), 504, "DEADLINE_EXCEEDED"],
      [new OptionsError("m"), 400, "OPTION_INVALID"],
      [new ItemError("m"), 422, "ITEM_INVALID"],
      [new SourceError("m"), 502, "SOURCE_FAILED"],
      [new SinkError("m"), 502, "SINK_FAILED"],
      [new StoreError("m"), 500, "STORE_REFUSED"],
      [new BlueprintError("m"), 500, "BLUEPRINT_INVALID"],
      [new OptionsError("m", { code: "OTHER" }), 400, "OTHER"],
    ];
    for (const [error, status, code] of cases) {
      factory.failure = error;
      const answer = await json("/v1/factory");
      assert.deepEqual([answer.status, answer.body.code, answer.body.detail], [status, code, "m"]);
    }
    assert.deepEqual(errors, []);
  });

  it("tells a busy factory's client when to come again", async () => {
    const { factory, ask } = openDesk();
    factory.failure = new BusyError("full", { fields: { retryAfterMs: 2_300 } });
    assert.equal((await ask("/v1/factory")).headers.get("retry-after"), "3");
    factory.failure = new ClosedError("closed");
    assert.equal((await ask("/v1/factory")).headers.get("retry-after"), "1");
  });

  it("says nothing of an error that nobody foresaw, which the operator hears of", async () => {
    const { factory, json, errors } = openDesk();
    factory.failure = new TypeError("cannot read /etc/secret");
    const { status, body } = await json("/v1/factory");
    assert.equal(status, 500);
    assert.equal(body.code, "INTERNAL");
    assert.doesNotMatch(JSON.stringify(body), /secret|stack|\.ts/);
    assert.deepEqual(errors, [factory.failure]);
  });
});
