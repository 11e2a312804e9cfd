import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { createControl } from "../../src/control/mod.ts";
import { openDesk } from "./client.ts";
import { FakeFactory } from "./fake_factory.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe("a request's id", () => {
  it("is made where the client sends none, one for each request", async () => {
    const { ask } = openDesk();
    const ids = new Set<string>();
    for (const path of ["/v1/factory", "/nothing", "/", "/livez"]) {
      const response = await ask(path);
      const id = response.headers.get("x-request-id")!;
      assert.match(id, UUID, path);
      ids.add(id);
      await response.body?.cancel();
    }
    assert.equal(ids.size, 4);
  });

  it("is the client's own if it can stand anywhere", async () => {
    const { ask, json } = openDesk();
    for (const id of ["abc", "a.b:c/d_e-f+g=", "x".repeat(128)]) {
      const response = await ask("/v1/factory", { headers: { "x-request-id": id } });
      assert.equal(response.headers.get("x-request-id"), id);
      assert.equal((await json("/nothing", { headers: { "x-request-id": id } })).body.requestId, id);
    }
    for (const id of ["", "a b", "<script>", '"', "x".repeat(129), "é"]) {
      const response = await ask("/v1/factory", { headers: { "x-request-id": id } });
      assert.match(response.headers.get("x-request-id")!, UUID, id);
    }
  });

  it("stands in the problem of an error that nobody foresaw, and where the operator hears of it", async () => {
    const seen: string[] = [];
    const { factory, json } = openDesk({
      onError: (_error, _request, { requestId }) => seen.push(requestId),
    });
    factory.failure = new TypeError("broken");
    const { body } = await json("/v1/factory");
    assert.deepEqual(seen, [body.requestId]);
  });

  it("stands in the log, in which nothing can pass for a line of its own", async () => {
    const log = mock.method(console, "error", () => {});
    try {
      const factory = new FakeFactory();
      factory.failure = new TypeError("a\ncontrol: GET /forged \x1b[31mred\x07\r\x9b2J");
      const control = createControl(factory);
      const request = new Request("http://localhost/v1/workers/%0Aforged", {
        headers: { "x-request-id": "r1" },
      });
      assert.equal((await control.fetch(request)).status, 500);
      const [line] = log.mock.calls[0].arguments as unknown as string[];
      assert.match(line, /^control: GET \/v1\/workers\/%0Aforged failed \(request r1\): /);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(line, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
      assert.ok(line.split("\n").slice(1).every((rest) => rest.startsWith("  ")));
    } finally {
      log.mock.restore();
    }
  });
});
