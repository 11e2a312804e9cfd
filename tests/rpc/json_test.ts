import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { after, describe, it } from "node:test";
import { RpcError } from "../../src/core/mod.ts";
import { Desk, echoes, json, TestService } from "./servers.ts";

const closings: (() => unknown)[] = [];
after(async () => {
  for (const close of closings) await close();
});

/** A service with a desk that calls it by the name `data`. */
async function opened(service: TestService, options: object = {}): Promise<Desk> {
  const desk = new Desk({ data: { protocol: "json", endpoints: [service.url], ...options } });
  closings.push(() => desk.board.close(), () => service.kill());
  return await Promise.resolve(desk);
}

/** A server that answers every request with these bytes, and closes the connection if asked to. */
async function raw(answer: string, close: boolean = false): Promise<Desk> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", () => {
      socket.write(answer);
      if (close) socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  const desk = new Desk({ data: { protocol: "json", endpoints: [`http://127.0.0.1:${port}`] } });
  closings.push(() => desk.board.close(), () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return desk;
}

/** The error that a call ends with. */
async function errorOf(call: Promise<unknown>): Promise<RpcError> {
  const error = await call.then((value) => assert.fail(JSON.stringify(value)), (error) => error);
  assert.ok(error instanceof RpcError, String(error));
  return error;
}

describe("plain JSON over HTTP", () => {
  it("posts to the endpoint's path and the method, and keeps the connection", async () => {
    const [service] = await echoes();
    const desk = await opened(service, {
      endpoints: [`${service.url}/api/`],
      headers: { authorization: "Bearer x" },
    });
    for (let id = 0; id < 5; id++) {
      assert.deepEqual(await desk.call("data", "raw/v1", { id, name: "größe" }), {
        path: "/api/raw/v1",
        id,
        name: "größe",
      });
    }
    assert.equal(service.connections, 1);
    const [{ headers }] = service.received;
    assert.equal(headers.authorization, "Bearer x");
    assert.equal(headers["content-type"], "application/json");
  });

  it("sends the call's remaining time along: its own, the service's or the turn's, whichever ends first", async () => {
    const [service] = await echoes();
    const desk = await opened(service, { deadlineMs: 5_000 });
    await desk.call("data", "raw", {});
    await desk.call("data", "raw", {}, { deadlineMs: 800 });
    await desk.call("data", "raw", {}, { deadlineMs: 8_000, turnMs: 3_000 });
    const limits = [5_000, 800, 3_000];
    for (const [i, { headers }] of service.received.entries()) {
      const ms = Number(headers["x-deadline-ms"]);
      assert.ok(ms > 0 && ms <= limits[i], `${ms}`);
    }
  });

  it("turns statuses into codes, with what the service says", async () => {
    const service = await new TestService(({ body }, response) => {
      const { status } = JSON.parse(body);
      json(response, { title: "no", detail: `as I said: ${status}`, status }, status);
    }).start();
    const desk = await opened(service);
    const codes: Record<number, [code: string, retryable: boolean]> = {
      400: ["invalid_argument", false],
      401: ["unauthenticated", false],
      404: ["not_found", false],
      418: ["failed_precondition", false],
      429: ["resource_exhausted", true],
      500: ["internal", false],
      503: ["unavailable", true],
    };
    for (const [status, [code, retryable]] of Object.entries(codes)) {
      const error = await errorOf(desk.call("data", "raw", { status: Number(status) }));
      assert.equal(error.code, code);
      assert.equal(error.retryable, retryable);
      assert.deepEqual([error.fields.service, error.fields.method, error.fields.status], [
        "data",
        "raw",
        Number(status),
      ]);
      assert.match(error.message, new RegExp(`^call data raw at http://.*: ${code}: as I said: ${status}$`));
    }
    assert.equal(service.connections, 1, "errors don't cost the connection");
  });

  it("refuses redirects, and answers that are no JSON or not what was asked for", async () => {
    const answers: ((response: Parameters<TestService["handler"]>[1]) => void)[] = [
      (response) => response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
      (response) => response.end("<html>hello</html>"),
      (response) => response.writeHead(200, { "content-encoding": "gzip" }).end("{}"),
    ];
    const service = await new TestService(({ body }, response) => answers[JSON.parse(body).n](response))
      .start();
    const desk = await opened(service);
    const codes = [];
    for (let n = 0; n < answers.length; n++) {
      codes.push((await errorOf(desk.call("data", "raw", { n }))).code);
    }
    assert.deepEqual(codes, ["unknown", "internal", "internal"]);
    assert.equal(service.received.length, 3);
  });

  it("refuses methods that would lead elsewhere, payloads without JSON, and deadlines that are over", async () => {
    const [service] = await echoes();
    const desk = await opened(service);
    for (const method of ["", "..", "../admin", "a b", "a\r\nx: y", "/a", "a//b", "a?b", "http://x/"]) {
      assert.equal((await errorOf(desk.call("data", method, {}))).code, "invalid_argument", method);
    }
    assert.equal((await errorOf(desk.call("data", "raw", { n: 1n }))).code, "invalid_argument");
    assert.equal((await errorOf(desk.call("data", "raw", {}, { deadlineMs: 0 }))).code, "invalid_argument");
    assert.equal((await errorOf(desk.call("other", "raw", {}))).code, "invalid_argument");
    assert.equal(service.received.length, 0);
  });
});

describe("what is no HTTP, or too much of it", () => {
  const big = "x".repeat(64 * 1024);
  const answers: Record<string, string> = {
    garbage: "\u0000\u0001 what?\r\n\r\n",
    "a length that goes backwards": "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
    "a length that is no number": "HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
    "a chunk that goes backwards": "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-5\r\nabcdefg\r\n",
    "a head without end": `HTTP/1.1 200 OK\r\nx: ${big}`,
    "a body of gigabytes": "HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n",
    "another protocol": "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
  };
  for (const [name, answer] of Object.entries(answers)) {
    it(`is refused: ${name}`, async () => {
      const desk = await raw(answer);
      const error = await errorOf(desk.call("data", "raw", {}));
      assert.equal(error.code, "unavailable");
      assert.match(error.message, /can't be read/);
      assert.equal(desk.board.figures()[0].endpoints[0].connections, 0);
    });
  }

  it("is not: interim answers, chunks, and bodies that end with the connection", async () => {
    const early = "HTTP/1.1 103 Early Hints\r\n\r\n";
    const chunked = await raw(
      `${early}HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n{"a\r\n5\r\n": 1}\r\n0\r\n\r\n`,
    );
    assert.deepEqual(await chunked.call("data", "raw", {}), { a: 1 });
    assert.equal(chunked.board.figures()[0].endpoints[0].connections, 1);
    const closing = await raw('HTTP/1.0 200 OK\r\n\r\n{"b": 2}', true);
    assert.deepEqual(await closing.call("data", "raw", {}), { b: 2 });
  });

  it("never mixes answers up, when a server sends more than was asked for", async () => {
    const one = 'HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n{"n": 1}';
    const desk = await raw(one + one);
    for (let i = 0; i < 3; i++) assert.deepEqual(await desk.call("data", "raw", {}), { n: 1 });
    assert.equal(desk.board.figures()[0].endpoints[0].connections, 0);
  });
});
