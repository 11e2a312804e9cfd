import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { moment } from "../../src/control/schemas/history_schemas.ts";
import { openDesk } from "./client.ts";

describe("GET /v1/inspections/history", () => {
  it("answers with moments, the latest last", async () => {
    const { factory, json } = openDesk();
    assert.deepEqual((await json("/v1/inspections/history")).body, []);
    for (let i = 0; i < 20; i++) factory.inspect();
    const { status, body } = await json("/v1/inspections/history?points=5&seconds=60");
    assert.equal(status, 200);
    assert.deepEqual(z.array(moment).parse(body), body);
    assert.equal(body.length, 5);
    assert.equal(body.at(-1).at, factory.latestInspection()!.at);
  });

  it("refuses a query that makes no sense", async () => {
    const { json } = openDesk();
    for (const name of ["points", "seconds"]) {
      for (const value of ["0", "3601", "x", "1.5", "-1"]) {
        const { status, body } = await json(`/v1/inspections/history?${name}=${value}`);
        assert.deepEqual([status, body.errors[0].field], [400, name], value);
      }
    }
  });
});
