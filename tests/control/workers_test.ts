import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { openDesk } from "./client.ts";

const admit = (desk: ReturnType<typeof openDesk>, ...devices: string[]) => {
  for (const device of devices) desk.factory.admitted.push({ device });
};

describe("/v1/workers", () => {
  it("pages through the roster", async () => {
    const desk = openDesk();
    admit(desk, "a1", "b1", "a2", "b2", "a3");
    const first = (await desk.json("/v1/workers?prefix=a&limit=2")).body;
    assert.deepEqual(first.workers.map(({ key }: { key: string }) => key), ["a1", "a2"]);
    const rest = (await desk.json(`/v1/workers?prefix=a&limit=2&cursor=${first.cursor}`)).body;
    assert.deepEqual(rest.workers.map(({ key }: { key: string }) => key), ["a3"]);
    assert.equal(rest.cursor, null);
    assert.equal((await desk.json("/v1/workers?workshop=1")).body.workers.length, 2);
  });

  it("refuses a query that makes no sense, naming the field", async () => {
    const { json } = openDesk();
    for (
      const query of ["limit=0", "limit=1001", "limit=x", "limit=", "limit=-1", "workshop=1.5", "workshop=a"]
    ) {
      const { status, body } = await json(`/v1/workers?${query}`);
      assert.deepEqual([status, body.code], [400, "QUERY_INVALID"], query);
      assert.equal(body.errors[0].field, query.split("=")[0]);
    }
  });
});

describe("/v1/workers/:key", () => {
  it("shows a worker with its state, whatever the state is made of", async () => {
    const desk = openDesk();
    admit(desk, "a");
    const { status, body } = await desk.json("/v1/workers/a");
    assert.equal(status, 200);
    assert.deepEqual([body.key, body.processed, body.belt], ["a", 1, 0]);
    assert.deepEqual(body.state, { seen: [1, 2], total: "12" });
  });

  it("dismisses a worker", async () => {
    const desk = openDesk();
    admit(desk, "a/b");
    const { status, body } = await desk.json("/v1/workers/a%2Fb", { method: "DELETE" });
    assert.deepEqual([status, body], [200, { key: "a/b", dismissed: true }]);
    assert.deepEqual(desk.factory.calls, ["dismiss a/b"]);
  });

  it("is 404 for a key that isn't hired", async () => {
    const { json } = openDesk();
    for (const method of ["GET", "DELETE"]) {
      const { status, body } = await json("/v1/workers/no%20one", { method });
      assert.deepEqual([status, body.code, body.key], [404, "NOT_HIRED", "no one"], method);
    }
  });

  it("finds a key of any characters", async () => {
    const key = fc.string({
      unit: fc.oneof(fc.constantFrom(..."/%?#&+;=:@. \n\\\"'é😀"), fc.constantFrom("%2F", "%25", "..")),
      minLength: 1,
    });
    // URLs themselves take "." and ".." for a way up, however they are written.
    const reachable = key.filter((text) => text !== "." && text !== "..");
    await fc.assert(
      fc.asyncProperty(reachable, async (key) => {
        const desk = openDesk();
        admit(desk, key);
        const { status, body } = await desk.json(`/v1/workers/${encodeURIComponent(key)}`);
        assert.deepEqual([status, body.key], [200, key]);
      }),
      { numRuns: 300 },
    );
  });

  it("refuses what is no URL encoding", async () => {
    const { json } = openDesk();
    const { status, body } = await json("/v1/workers/%ff");
    assert.deepEqual([status, body.code], [400, "KEY_INVALID"]);
  });
});
