import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { afterEach, describe, it } from "node:test";
import { OptionsError } from "../../src/core/mod.ts";
import { type HttpServer, serve, type ServeOptions } from "../../src/platform/mod.ts";

describe("serve()", () => {
  const open: HttpServer[] = [];
  const start = async (
    fetch: ServeOptions["fetch"],
    options: Partial<ServeOptions> = {},
  ): Promise<HttpServer> => {
    const server = await serve({ hostname: "127.0.0.1", port: 0, fetch, ...options });
    open.push(server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
  });

  it("takes a free port for 0 and says where it listens", async () => {
    const server = await start((request) =>
      new Response(`${request.method} ${new URL(request.url).pathname}`)
    );
    assert.notEqual(server.port, 0);
    assert.equal(server.url, `http://127.0.0.1:${server.port}`);
    const response = await fetch(`${server.url}/a/b`, { method: "POST", body: "x" });
    assert.equal(await response.text(), "POST /a/b");
  });

  it("names host and port when the port is taken", async () => {
    const { port } = await start(() => new Response());
    await assert.rejects(start(() => new Response(), { port }), (error: Error) => {
      assert.ok(error instanceof OptionsError);
      assert.match(error.message, new RegExp(`^listen on 127\\.0\\.0\\.1:${port}: the port is taken`));
      assert.equal(error.fields.port, port);
      return true;
    });
  });

  it("says so when the address is not this machine's", async () => {
    await assert.rejects(
      start(() => new Response(), { hostname: "192.0.2.7" }),
      /^OptionsError: listen on 192\.0\.2\.7:0: the address is none of this machine's/,
    );
  });

  it("brackets an IPv6 address in its URL", async () => {
    const server = await start(() => new Response("six"), { hostname: "::1" });
    assert.equal(server.url, `http://[::1]:${server.port}`);
    assert.equal(await (await fetch(server.url)).text(), "six");
  });

  it("answers 500 without a word when fetch throws", async () => {
    const server = await start(() => {
      throw new Error("secret");
    });
    const response = await fetch(server.url);
    assert.equal(response.status, 500);
    assert.equal(await response.text(), "");
  });

  it("tells a streamed response that its client has gone", async () => {
    const gone = Promise.withResolvers<void>();
    const server = await start(() =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode("hello\n")),
          cancel: () => gone.resolve(),
        }),
      )
    );
    const response = await fetch(server.url);
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    await gone.promise;
  });

  it("close() lets a request under way finish", async () => {
    const arrived = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const server = await start(async () => {
      arrived.resolve();
      await release.promise;
      return new Response("finished");
    }, { graceMs: 60_000 });
    const answer = fetch(server.url).then((response) => response.text());
    await arrived.promise;
    const closed = server.close();
    release.resolve();
    assert.equal(await answer, "finished");
    await closed;
    await assert.rejects(fetch(server.url));
  });

  it("close() cuts an endless stream after the grace", async () => {
    const cancelled = Promise.withResolvers<void>();
    const server = await start(() =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode("hello\n")),
          cancel: () => cancelled.resolve(),
        }),
      ), { graceMs: 20 });
    const reader = (await fetch(server.url)).body!.getReader();
    await reader.read();
    await server.close();
    await reader.read().then(({ done }) => assert.ok(done), () => {});
    await cancelled.promise;
  });

  it("close() twice is close() once", async () => {
    const server = await start(() => new Response());
    assert.equal(server.close(), server.close());
    await server.close();
  });

  it("reads a request body only as fast as it is asked for", async () => {
    const chunk = new Uint8Array(65_536);
    let sent = 0;
    const first = Promise.withResolvers<void>();
    const seen = Promise.withResolvers<number>();
    const server = await start(async (request) => {
      const reader = request.body!.getReader();
      await reader.read();
      first.resolve();
      const before = await seen.promise;
      await reader.cancel();
      return new Response(String(before));
    });
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent === 4_096) return controller.close();
        sent++;
        controller.enqueue(chunk);
      },
    });
    const abort = new AbortController();
    const request = { method: "POST", body, duplex: "half", signal: abort.signal } as RequestInit;
    const answer = fetch(server.url, request).catch(() => {});
    await first.promise;
    for (let before = -1; before !== sent;) { // until the client is stuck
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(sent < 4_096, `all ${sent} chunks went out though nobody read them`);
    seen.resolve(sent);
    abort.abort();
    await answer;
  });

  it("tells whose request it is", async () => {
    const server = await start((_request, { address }) => new Response(address));
    assert.equal(await (await fetch(server.url)).text(), "127.0.0.1");
  });

  it("cuts a connection whose request doesn't come in time, however steadily it drips", async () => {
    const server = await start(() => new Response("too late"), { headMs: 1_000 });
    await Promise.all(["", "GET / HTTP/1.1\r\nhost: a\r\n"].map(async (head) => {
      const socket = connect(server.port, "127.0.0.1");
      const answer = received(socket);
      socket.write(head);
      const dripping = setInterval(() => head && socket.writable && socket.write("x-a: b\r\n"), 300);
      try {
        assert.doesNotMatch(await answer, /too late/); // or this test's own time-out says so
      } finally {
        clearInterval(dripping);
      }
    }));
  });

  it("cuts nobody whose request is there", async () => {
    const server = await start(async (request) => {
      const text = await request.text();
      return new Response(
        new ReadableStream({
          async start(controller) {
            await new Promise((resolve) => setTimeout(resolve, 2_500));
            controller.enqueue(new TextEncoder().encode(text));
            controller.close();
          },
        }),
      );
    }, { headMs: 1_000 });
    const socket = connect(server.port, "127.0.0.1");
    const answer = received(socket);
    socket.write("POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 4\r\n\r\nsl");
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    socket.write("ow");
    assert.match(await answer, /slow/);
  });

  it("survives what is no HTTP", async () => {
    const server = await start(() => new Response("fine"));
    const heads = [
      "\r\n\r\n\r\n",
      "GET\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "GET / HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n",
      "GET http:// HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
      "GET //evil.example/x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
      "GET / HTTP/1.1\r\nhost: a\r\nx: " + "y".repeat(100_000) + "\r\nconnection: close\r\n\r\n",
      "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\nzz\r\n",
      "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\nconnection: close\r\n\r\n",
      "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ncontent-length: 4\r\nconnection: close\r\n\r\nabc",
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
      "\0".repeat(1_000),
    ];
    for (const head of heads) {
      const socket = connect(server.port, "127.0.0.1");
      const answer = received(socket);
      socket.end(head);
      assert.doesNotMatch(await answer, /HTTP\/1\.1 5(?!05)/, JSON.stringify(head.slice(0, 60)));
    }
    assert.equal(await (await fetch(server.url)).text(), "fine");
  });
});

/** All that comes until the connection ends, by whatever side and in whatever way. */
function received(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => text += chunk).on("error", () => {});
  return new Promise((resolve) => socket.once("close", () => resolve(text)));
}
