import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { RpcError } from "../../src/core/mod.ts";
import { Desk, json, TestService } from "./servers.ts";
import { Scales } from "./scales_schema.ts";

/** What a request looks like to the handler. */
interface Weigh {
  readonly device: string;
  readonly id: bigint;
}

/** Contexts of the calls that the server has seen. */
const seen: HandlerContext[] = [];

const routes = (router: ConnectRouter) =>
  void router.service(Scales, {
    weigh({ device, id }: Weigh, context: HandlerContext) {
      seen.push(context);
      return { device, id, grams: [1.5, 2.5] };
    },
    refuse({ device }: Weigh) {
      throw new ConnectError(`not ${device}`, Code.FailedPrecondition);
    },
    hang: (_: Weigh, { signal }: HandlerContext) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    // deno-lint-ignore no-explicit-any -- the descriptor is made at run time: nothing is known of its types
  } as any);

let server: Server;
let desk: Desk;

before(async () => {
  server = createServer(connectNodeAdapter({ routes, requestPathPrefix: "/rpc" }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const endpoints = [`http://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`];
  desk = new Desk({
    json: { protocol: "connect", endpoints },
    binary: { protocol: "connect", endpoints, schema: Scales },
  });
});

after(() => {
  desk.board.close();
  server.closeAllConnections();
  server.close();
});

/** The error that a call ends with. */
async function errorOf(call: Promise<unknown>): Promise<RpcError> {
  const error = await call.then((value) => assert.fail(JSON.stringify(value)), (error) => error);
  assert.ok(error instanceof RpcError, String(error));
  return error;
}

describe("Connect, with a real server of connect-node", () => {
  it("speaks JSON", async () => {
    const answer = await desk.call("json", "test.v1.Scales/Weigh", { device: "a", id: "9007199254740993" });
    assert.deepEqual(answer, { device: "a", id: "9007199254740993", grams: [1.5, 2.5] });
    assert.equal(seen.at(-1)!.requestHeader.get("content-type"), "application/json");
    assert.equal(seen.at(-1)!.protocolName, "connect");
  });

  it("speaks protobuf when the service has a schema; methods are then named as one likes", async () => {
    for (const method of ["Weigh", "weigh", "test.v1.Scales/Weigh"]) {
      const answer = await desk.call("binary", method, { device: "ä", id: 9007199254740993n });
      assert.deepEqual([answer.device, answer.id, answer.grams], ["ä", 9007199254740993n, [1.5, 2.5]]);
      assert.deepEqual(structuredClone(answer).grams, [1.5, 2.5], "plain data: a worker's state may hold it");
    }
    assert.equal(seen.at(-1)!.requestHeader.get("content-type"), "application/proto");
  });

  it("takes the call's deadline along: the server gives up with it", async () => {
    await desk.call("binary", "Weigh", {}, { deadlineMs: 2_500 });
    const ms = seen.at(-1)!.timeoutMs()!;
    assert.ok(ms > 0 && ms <= 2_500, `${ms}`);
    const error = await errorOf(desk.call("json", "test.v1.Scales/Hang", {}, { deadlineMs: 100 }));
    assert.equal(error.code, "deadline_exceeded");
  });

  it("brings the server's errors: code and message", async () => {
    for (const [service, method] of [["json", "test.v1.Scales/Refuse"], ["binary", "Refuse"]]) {
      const error = await errorOf(desk.call(service, method, { device: "a" }));
      assert.equal(error.code, "failed_precondition");
      assert.equal(error.retryable, false);
      assert.match(
        error.message,
        new RegExp(`^call ${service} ${method} at .*: failed_precondition: not a$`),
      );
    }
    const missing = await errorOf(desk.call("json", "test.v1.Scales/Nothing", {}));
    assert.equal(missing.code, "unimplemented");
  });

  it("refuses what the schema doesn't have before anything is sent", async () => {
    const calls = seen.length;
    for (const method of ["Nothing", "Stream", "test.v1.Other/Weigh"]) {
      assert.equal((await errorOf(desk.call("binary", method, {}))).code, "unimplemented", method);
    }
    assert.equal((await errorOf(desk.call("binary", "Weigh", { id: "many" }))).code, "invalid_argument");
    assert.equal(seen.length, calls);
  });
});

describe("Connect, with whatever stands in between", () => {
  it("reads a proxy's answers by their status, and takes no page for an answer", async () => {
    const service = await new TestService(({ path }, response) => {
      const status = Number(path.split("/").at(-1));
      if (status === 200) response.writeHead(200, { "content-type": "text/html" }).end("<html>");
      else if (status === 500) json(response, { code: "nonsense", message: 5 }, 500);
      else if (status === 409) {
        json(response, { code: "aborted", message: "again", details: [{ type: "x" }] }, 409);
      } else response.writeHead(status).end("bad gateway");
    }).start();
    const proxied = new Desk({ data: { protocol: "connect", endpoints: [service.url] } });
    const codes: Record<number, string> = {
      200: "internal",
      404: "unimplemented",
      409: "aborted",
      429: "unavailable",
      500: "unknown",
      502: "unavailable",
    };
    for (const [status, code] of Object.entries(codes)) {
      const error = await errorOf(proxied.call("data", `a.B/${status}`, {}));
      assert.equal(error.code, code, status);
      if (code === "aborted") assert.deepEqual(error.fields.details, [{ type: "x" }]);
    }
    proxied.board.close();
    await service.kill();
  });
});
