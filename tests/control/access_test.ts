import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OptionsError } from "../../src/core/mod.ts";
import { createControl } from "../../src/control/mod.ts";
import { openDesk, sending } from "./client.ts";
import { FakeFactory } from "./fake_factory.ts";

const TOKEN = "correct horse battery staple";

describe("a token", () => {
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  it("is asked for everywhere but at livez and readyz", async () => {
    const { ask } = openDesk({ token: TOKEN });
    for (const path of ["/", "/metrics", "/v1/factory", "/v1/lines", "/v1/products/average", "/nothing"]) {
      const response = await ask(path);
      assert.equal(response.status, 401, path);
      assert.equal(response.headers.get("www-authenticate"), 'Bearer realm="shopfloor"', path);
      assert.equal(response.headers.get("content-type"), "application/problem+json", path);
    }
    assert.equal((await ask("/livez")).status, 200);
    assert.equal((await ask("/readyz")).status, 200);
  });

  it("lets in whoever has it, with any spelling of Bearer", async () => {
    const { ask } = openDesk({ token: TOKEN });
    assert.equal((await ask("/v1/factory", bearer(TOKEN))).status, 200);
    const shouting = { headers: { authorization: `BEARER  ${TOKEN}` } };
    assert.equal((await ask("/v1/factory", shouting)).status, 200);
  });

  it("keeps out whoever has another", async () => {
    const { ask } = openDesk({ token: TOKEN });
    for (const token of ["", " ", "x", TOKEN + "x", TOKEN.slice(1), TOKEN.toUpperCase()]) {
      assert.equal((await ask("/v1/factory", bearer(token))).status, 401, JSON.stringify(token));
    }
    const basic = { headers: { authorization: `Basic ${TOKEN}` } };
    assert.equal((await ask("/v1/factory", basic)).status, 401);
    const wrong = await ask("/v1/factory", bearer("x"));
    assert.equal(wrong.headers.get("www-authenticate"), 'Bearer realm="shopfloor", error="invalid_token"');
  });

  it("makes the Host header irrelevant", async () => {
    const { ask } = openDesk({ token: TOKEN });
    assert.equal((await ask("http://factory.example/v1/factory", bearer(TOKEN))).status, 200);
  });

  it("gives a browser the page with the 401, so that the page can ask", async () => {
    const { ask } = openDesk({ token: TOKEN });
    const page = await ask("/", { headers: { accept: "text/html,*/*;q=0.8" } });
    assert.equal(page.status, 401);
    assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
    assert.ok(page.headers.has("www-authenticate"));
    assert.match(await page.text(), /<!doctype html>/);
    const docs = await ask("/docs", { headers: { accept: "text/html" } });
    assert.equal(docs.status, 401);
    assert.match(await docs.text(), /asks for a token/);
    assert.equal((await ask("/docs/token.js")).status, 200);
    assert.equal((await ask("/page/main.js")).status, 200);
    assert.equal((await ask("/v1/factory", { headers: { accept: "text/html" } })).status, 401);
  });

  it("may not be empty, and is never shown", () => {
    assert.throws(
      () => createControl(new FakeFactory(), { token: "" }),
      (error: Error) => error instanceof OptionsError && error.message === "option token: must not be empty",
    );
  });
});

describe("a read token", () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const tokens = { token: TOKEN, readToken: "only look" };

  it("lets its bearer look at everything, and change nothing", async () => {
    const { factory, ask, json } = openDesk(tokens);
    factory.inspect();
    const headers = bearer("only look");
    for (const path of ["/", "/metrics", "/docs", "/openapi.json", "/v1/factory", "/v1/dead-letters"]) {
      assert.equal((await ask(path, { headers })).status, 200, path);
      assert.equal((await ask(path, { method: "HEAD", headers })).status, 200, path);
    }
    const changes = [
      ["POST", "/v1/factory/pause"],
      ["POST", "/v1/factory/drain"],
      ["PATCH", "/v1/factory"],
      ["PATCH", "/v1/procurement"],
      ["POST", "/v1/materials"],
      ["DELETE", "/v1/workers/a"],
      ["DELETE", "/v1/dead-letters"],
      ["POST", "/v1/dead-letters/replay"],
    ];
    for (const [method, path] of changes) {
      const { status, body } = await json(path, { ...sending(method, {}), headers });
      assert.deepEqual([status, body.code], [403, "READ_ONLY"], path);
    }
    assert.deepEqual(factory.calls, []);
    assert.equal((await ask("/v1/factory/pause", { method: "POST", headers: bearer(TOKEN) })).status, 200);
    assert.equal((await ask("/v1/factory", { headers: bearer("only") })).status, 401);
  });

  it("needs a token beside it, and another", () => {
    for (
      const options of [{ readToken: "r" }, { token: "r", readToken: "r" }, { token: "t", readToken: "" }]
    ) {
      assert.throws(
        () => createControl(new FakeFactory(), options),
        (error: Error) => error instanceof OptionsError && error.fields.option === "readToken",
      );
    }
  });
});

describe("without a token", () => {
  it("only this machine's own names are answered, so that no name can be rebound to it", async () => {
    const { ask, json } = openDesk();
    const own = [
      "localhost",
      "localhost:8787",
      "LOCALHOST:1",
      "127.0.0.1:8787",
      "127.8.9.1",
      "[::1]:8787",
      "[::1]",
    ];
    for (const host of own) assert.equal((await ask("/v1/factory", { headers: { host } })).status, 200, host);
    const others = [
      "evil.example",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "0.0.0.0",
      "10.0.0.1",
      "[::]",
    ];
    for (const host of others) {
      const { status, body } = await json("/v1/factory", { headers: { host } });
      assert.deepEqual([status, body.code], [403, "HOST_REFUSED"], host);
    }
    assert.equal((await ask("http://evil.example/")).status, 403);
    assert.equal((await ask("/", { headers: { host: "a b" } })).status, 400);
  });

  it("further names are answered when they are named", async () => {
    const { ask } = openDesk({ hosts: ["Desk.example"] });
    assert.equal((await ask("http://desk.example:8787/v1/factory")).status, 200);
    assert.equal((await ask("http://evil.example/v1/factory")).status, 403);
  });
});

describe("pages of other origins", () => {
  const pausing = (headers: Record<string, string>) => ({ method: "POST", headers });

  it("may not change anything", async () => {
    const { factory, json } = openDesk();
    const foreign = [
      "https://evil.example",
      "http://localhost:9999",
      "https://localhost.evil.example",
      "null",
      "x",
    ];
    for (const origin of foreign) {
      const { status, body } = await json("/v1/factory/pause", pausing({ origin }));
      assert.deepEqual([status, body.code], [403, "ORIGIN_REFUSED"], origin);
    }
    assert.equal((await json("/v1/factory/pause", pausing({ "sec-fetch-site": "cross-site" }))).status, 403);
    assert.deepEqual(factory.calls, []);
  });

  it("are told from the server's own page and from programs", async () => {
    const { ask } = openDesk();
    const own = { host: "127.0.0.1:8787", origin: "http://127.0.0.1:8787", "sec-fetch-site": "same-origin" };
    assert.equal((await ask("/v1/factory/pause", pausing(own))).status, 200);
    assert.equal((await ask("/v1/factory/resume", pausing({}))).status, 200);
  });

  it("get no CORS headers", async () => {
    const { ask } = openDesk();
    const response = await ask("/v1/factory", { headers: { origin: "https://desk.example" } });
    assert.equal(response.headers.get("access-control-allow-origin"), null);
    const preflight = { method: "OPTIONS", headers: { origin: "https://desk.example" } };
    assert.equal((await ask("/v1/factory", preflight)).headers.get("access-control-allow-origin"), null);
  });

  it("may call when they are named", async () => {
    const { ask } = openDesk({ corsOrigins: ["https://desk.example"], token: TOKEN });
    const origin = "https://desk.example";
    const preflight = await ask("/v1/procurement", {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "PATCH" },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get("access-control-allow-origin"), origin);
    assert.match(preflight.headers.get("access-control-allow-methods") ?? "", /PATCH/);
    assert.match(preflight.headers.get("access-control-allow-headers") ?? "", /authorization/);

    const change = sending("PATCH", { paused: true });
    const headers = { ...change.headers, origin, authorization: `Bearer ${TOKEN}` };
    const answer = await ask("/v1/procurement", { ...change, headers });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("access-control-allow-origin"), origin);

    const refused = await ask("/v1/factory", { headers: { origin } });
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get("access-control-allow-origin"), origin);
    const other = await ask("/v1/factory", { headers: { origin: "https://evil.example" } });
    assert.equal(other.headers.get("access-control-allow-origin"), null);
  });

  it("must be named as origins", () => {
    for (const origin of ["*", "desk.example", "https://desk.example/", "https://desk.example/path"]) {
      assert.throws(() => createControl(new FakeFactory(), { corsOrigins: [origin] }), OptionsError, origin);
    }
  });
});

describe("every answer", () => {
  it("carries security headers", async () => {
    const { ask } = openDesk();
    for (const path of ["/", "/page/main.js", "/docs", "/v1/factory", "/nothing", "/v1/products/average"]) {
      const response = await ask(path);
      const policy = response.headers.get("content-security-policy") ?? "";
      assert.match(policy, /default-src 'none'; script-src 'self';/, path);
      assert.doesNotMatch(policy, /unsafe/);
      assert.equal(response.headers.get("x-content-type-options"), "nosniff", path);
      assert.equal(response.headers.get("x-frame-options"), "DENY", path);
      assert.equal(response.headers.get("referrer-policy"), "no-referrer", path);
      await response.body?.cancel();
    }
  });
});
