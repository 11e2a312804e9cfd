import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { OptionsError } from "../../src/core/mod.ts";
import { type ControlServer, openControl, type OpenControlOptions } from "../../src/control/mod.ts";
import { lines } from "./client.ts";
import { EventReader } from "./event_reader.ts";
import { FakeFactory } from "./fake_factory.ts";

describe("openControl()", () => {
  let factory: FakeFactory;
  let server: ControlServer | undefined;
  beforeEach(() => {
    factory = new FakeFactory();
    server = undefined;
  });
  afterEach(() => server?.close());

  const open = async (options: OpenControlOptions = {}): Promise<ControlServer> =>
    server = await openControl(factory, { port: 0, ...options });

  it("serves on loopback", async () => {
    const { url } = await open();
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const status = await (await fetch(`${url}/v1/factory`)).json();
    assert.equal(status.name, "thermometers");
    const head = await fetch(`${url}/v1/factory`, { method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
  });

  it("refuses to be reached by others without a token", async () => {
    for (const host of ["0.0.0.0", "::", "192.168.1.5", "factory.example", "127.0.0.1.example"]) {
      await assert.rejects(open({ host }), (error: Error) => {
        assert.ok(error instanceof OptionsError);
        assert.match(error.message, /^option host: .+ needs a token/);
        return true;
      });
    }
    const { url } = await open({ host: "0.0.0.0", token: "secret" });
    const { port } = new URL(url);
    assert.equal((await fetch(`http://127.0.0.1:${port}/v1/factory`)).status, 401);
    const headers = { authorization: "Bearer secret" };
    assert.equal((await fetch(`http://127.0.0.1:${port}/v1/factory`, { headers })).status, 200);
  });

  it("says so when the port is taken", async () => {
    const { url } = await open();
    const port = Number(new URL(url).port);
    await assert.rejects(openControl(factory, { port }), (error: Error) => {
      assert.ok(error instanceof OptionsError);
      assert.match(error.message, new RegExp(`^listen on 127\\.0\\.0\\.1:${port}: `));
      return true;
    });
  });

  it("takes a long stream of materials", async () => {
    const { url } = await open({ bodyBytes: 10_000 });
    const line = new TextEncoder().encode(`{"device":"a","celsius":20}\n`.repeat(1_000));
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (++sent > 100) controller.close();
        else controller.enqueue(line);
      },
    });
    const init = { ...lines(), body, duplex: "half" } as RequestInit;
    const response = await fetch(`${url}/v1/materials`, init);
    assert.equal(response.status, 202);
    assert.equal((await response.json()).accepted, 100_000);
  });

  it("answers 413 to a body that is too large", async () => {
    const { url } = await open({ bodyBytes: 1_000 });
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ device: "x".repeat(100_000) });
    const response = await fetch(`${url}/v1/materials`, { method: "POST", body, headers });
    assert.equal(response.status, 413);
    assert.equal((await response.json()).code, "BODY_TOO_LARGE");
  });

  it("streams products to a client, and ends the tap when the client goes", async () => {
    const { url } = await open();
    const abort = new AbortController();
    const reader = new EventReader(await fetch(`${url}/v1/products/alarm?key=a`, { signal: abort.signal }));
    assert.equal(await reader.comment(), "open");
    await until(() => factory.tapped.listeners === 1);
    factory.ship("alarm", { key: "b", product: 1 });
    factory.ship("alarm", { key: "a", product: 2 });
    assert.equal((await reader.next())?.data.product, 2);
    abort.abort();
    await until(() => factory.tapped.listeners === 0);
  });

  it("frees the seat of a client that has gone", async () => {
    const { url } = await open({ streams: 1 });
    const first = new EventReader(await fetch(`${url}/v1/products/alarm`));
    await first.comment();
    const refused = await fetch(`${url}/v1/products/alarm`);
    assert.equal(refused.status, 503);
    await refused.body?.cancel();
    await first.cancel();
    await until(() => factory.tapped.listeners === 0);
    const second = await fetch(`${url}/v1/products/alarm`);
    assert.equal(second.status, 200);
    await second.body?.cancel();
  });

  it("close() ends open streams and leaves the factory open", async () => {
    const { url, close } = await open();
    const readers: EventReader[] = [];
    for (const path of ["/v1/products/alarm", "/v1/inspections"]) {
      const reader = new EventReader(await fetch(url + path));
      assert.equal(await reader.comment(), "open");
      readers.push(reader);
    }
    const ends = readers.map((reader) => reader.next());
    await close();
    assert.deepEqual(await Promise.all(ends), [undefined, undefined]);
    await assert.rejects(fetch(`${url}/livez`));
    assert.equal(factory.state, "open");
    assert.equal(factory.tapped.listeners, 0);
  });

  it("still answers the drain that led to its closing", async () => {
    const { url, close } = await open();
    void factory.finished.then(close);
    const response = await fetch(`${url}/v1/factory/drain`, { method: "POST" });
    assert.equal((await response.json()).name, "thermometers");
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 5_000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(condition());
}
