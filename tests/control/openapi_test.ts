import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { BusyError, ClosedError } from "../../src/core/mod.ts";
import type { DeadLetterReport } from "../../src/headquarters/mod.ts";
import { type Desk, type Json, lines, openDesk, sending } from "./client.ts";
import { Described } from "./described.ts";
import { EventReader } from "./event_reader.ts";

const item = { device: "a", celsius: 20 };

const letter = (id: number): DeadLetterReport => ({
  id,
  key: "a",
  reason: "error",
  error: "no such thing",
  stack: id % 2 ? null : "Error: no such thing\n    at work",
  attempts: 3,
  at: 1_700_000_000_000,
  item,
});

/** One request, what it is an example of, and how the factory is before it. */
interface Example {
  readonly operation: string;
  readonly path?: string;
  readonly init?: RequestInit;
  readonly before?: (desk: Desk) => unknown;
}

const post: RequestInit = { method: "POST" };
const hired = ({ factory }: Desk) => factory.admitted.push({ device: "a/b" });
const named = (body: unknown): RequestInit => {
  const init = sending("POST", body);
  return { ...init, headers: { ...init.headers as Record<string, string>, "idempotency-key": "k" } };
};

/** At least one request for every answer that the document lists. */
const EXAMPLES: readonly Example[] = [
  { operation: "GET /livez 200" },
  { operation: "GET /livez 503", before: ({ factory }) => factory.live.push("transport is silent") },
  { operation: "GET /readyz 200" },
  { operation: "GET /readyz 503", before: ({ factory }) => factory.state = "draining" },
  { operation: "GET /metrics 200" },
  { operation: "GET /v1/factory 200" },
  { operation: "PATCH /v1/factory 200", init: sending("PATCH", { workshops: 3 }) },
  { operation: "PATCH /v1/factory 400", init: sending("PATCH", { workshops: 0 }) },
  { operation: "POST /v1/factory/pause 200", init: post },
  { operation: "POST /v1/factory/resume 200", init: post },
  { operation: "POST /v1/factory/checkpoint 200", init: post },
  { operation: "POST /v1/factory/drain 200", init: post },
  { operation: "GET /v1/lines 200" },
  { operation: "GET /v1/workshops 200" },
  { operation: "GET /v1/workshops/{id} 200", path: "/v1/workshops/1" },
  { operation: "GET /v1/workshops/{id} 400", path: "/v1/workshops/one" },
  { operation: "GET /v1/workshops/{id} 404", path: "/v1/workshops/9" },
  { operation: "GET /v1/workers 200", path: "/v1/workers?limit=1&workshop=0&prefix=a", before: hired },
  { operation: "GET /v1/workers 400", path: "/v1/workers?limit=0" },
  { operation: "GET /v1/workers/{key} 200", path: "/v1/workers/a%2Fb", before: hired },
  { operation: "GET /v1/workers/{key} 400", path: "/v1/workers/%ff" },
  { operation: "GET /v1/workers/{key} 404", path: "/v1/workers/a" },
  {
    operation: "DELETE /v1/workers/{key} 200",
    path: "/v1/workers/a%2Fb",
    init: { method: "DELETE" },
    before: hired,
  },
  { operation: "DELETE /v1/workers/{key} 400", path: "/v1/workers/%ff", init: { method: "DELETE" } },
  { operation: "DELETE /v1/workers/{key} 404", path: "/v1/workers/a", init: { method: "DELETE" } },
  { operation: "GET /v1/procurement 200" },
  { operation: "PATCH /v1/procurement 200", init: sending("PATCH", { ratePerSecond: 5.5, paused: true }) },
  { operation: "PATCH /v1/procurement 400", init: sending("PATCH", {}) },
  { operation: "POST /v1/materials 202", init: lines(JSON.stringify(item), "nonsense") },
  { operation: "POST /v1/materials 200", path: "/v1/materials?wait=commit", init: sending("POST", [item]) },
  {
    operation: "POST /v1/materials 400",
    init: { ...lines("{"), headers: { "content-type": "application/json" } },
  },
  {
    operation: "POST /v1/materials 408",
    init: { ...lines(), body: new ReadableStream(), duplex: "half" } as RequestInit,
  },
  { operation: "POST /v1/materials 413", init: sending("POST", "x".repeat(2_000)) },
  { operation: "POST /v1/materials 415", init: { ...post, body: "x" } },
  {
    operation: "POST /v1/materials 422",
    init: named([item]),
    before: ({ ask }) => ask("/v1/materials", named([item, item])),
  },
  {
    operation: "POST /v1/materials 429",
    init: sending("POST", item),
    before: ({ factory }) => factory.room = 0,
  },
  {
    operation: "POST /v1/materials 503",
    init: sending("POST", item),
    before: ({ factory }) => factory.close(),
  },
  { operation: "GET /v1/warehouse 200" },
  {
    operation: "GET /v1/products/{type} 200",
    path: "/v1/products/alarm?key=a",
    before: ({ factory }) => {
      const { listen } = factory.tapped;
      factory.tapped.listen = (signal) => { // ships as soon as somebody listens
        const listening = listen.call(factory.tapped, signal);
        factory.ship("alarm", { key: "a", product: { celsius: 91 } });
        return listening;
      };
    },
  },
  { operation: "GET /v1/products/{type} 404", path: "/v1/products/nonsense" },
  {
    operation: "GET /v1/products/{type} 503",
    path: "/v1/products/alarm",
    before: ({ ask }) => ask("/v1/inspections"),
  },
  { operation: "GET /v1/inspections/latest 200", before: ({ factory }) => factory.inspect() },
  { operation: "GET /v1/inspections/latest 503" },
  { operation: "GET /v1/inspections 200", before: ({ factory }) => factory.inspect() },
  { operation: "GET /v1/inspections 503", before: ({ ask }) => ask("/v1/products/alarm") },
  { operation: "GET /v1/inspections/history 200", before: ({ factory }) => factory.inspect() },
  { operation: "GET /v1/inspections/history 400", path: "/v1/inspections/history?points=none" },
  {
    operation: "GET /v1/dead-letters 200",
    path: "/v1/dead-letters?limit=2",
    before: ({ factory }) => factory.letters = [1, 2, 3].map(letter),
  },
  { operation: "GET /v1/dead-letters 400", path: "/v1/dead-letters?limit=1001" },
  { operation: "POST /v1/dead-letters/replay 200", init: sending("POST", { ids: [1, 2] }) },
  { operation: "POST /v1/dead-letters/replay 400", init: sending("POST", { ids: ["1"] }) },
  { operation: "DELETE /v1/dead-letters 200", path: "/v1/dead-letters?ids=1,2", init: { method: "DELETE" } },
  { operation: "DELETE /v1/dead-letters 400", path: "/v1/dead-letters?ids=all", init: { method: "DELETE" } },
  { operation: "GET /openapi.json 200" },
  { operation: "GET /docs 200" },
];

/** The value of an answer: JSON, the data of the first event, or text. */
async function valueOf(response: Response, media: string): Promise<Json> {
  if (media === "text/event-stream") {
    const reader = new EventReader(response);
    const event = await reader.next();
    await reader.cancel();
    return event?.data;
  }
  return media.endsWith("json") ? await response.json() : await response.text();
}

/** Answers of any endpoint that no endpoint is the cause of. */
const ANYWHERE: readonly {
  status: number;
  headers?: Record<string, string>;
  before?: (desk: Desk) => unknown;
}[] = [
  { status: 401 },
  { status: 403, headers: { authorization: "Bearer look" } },
  {
    status: 500,
    headers: { authorization: "Bearer all" },
    before: ({ factory }) => factory.failure = new Error(),
  },
  {
    status: 503,
    headers: { authorization: "Bearer all" },
    before: ({ factory }) => factory.failure = new ClosedError("closed"),
  },
  {
    status: 429,
    headers: { authorization: "Bearer all" },
    before: ({ factory }) => factory.failure = new BusyError("busy"),
  },
];

describe("the OpenAPI document", () => {
  it("is a valid document of OpenAPI 3.1", async () => {
    const { document } = await Described.of(openDesk());
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document) as Json);
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, "3.1");
  });

  it("has every endpoint of the contract", async () => {
    const { document } = await Described.of(openDesk());
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)
    );
    for (const wanted of CONTRACT) assert.ok(operations.includes(wanted), wanted);
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId)
    );
    assert.equal(new Set(ids).size, ids.length);
  });

  it("says what every parameter and body may be, as the schemas that validate do", async () => {
    const { document } = await Described.of(openDesk());
    const { parameters } = document.paths["/v1/workers"].get;
    const limit = parameters?.find(({ name }) => name === "limit")?.schema;
    assert.deepEqual(limit, { type: "integer", minimum: 1, maximum: 1_000 });
    const key = document.paths["/v1/workers/{key}"].get.parameters?.[0];
    assert.deepEqual([key?.name, key?.in, key?.required], ["key", "path", true]);
    const names = document.paths["/v1/materials"].post.parameters?.map(({ name }) => name);
    assert.deepEqual(names, ["wait", "idempotency-key"]);
    assert.equal(document.components.schemas.FactoryChange.additionalProperties, false);
  });

  it("says which endpoints need no token", async () => {
    const { document } = await Described.of(openDesk());
    const open = Object.entries(document.paths).filter(([, methods]) => methods.get?.security?.length === 0);
    assert.deepEqual(open.map(([path]) => path), ["/livez", "/readyz"]);
  });
});

describe("every answer is as the document says", () => {
  it("of every endpoint, each status that is listed", async () => {
    const described = await Described.of(openDesk());
    const seen = new Set<string>();
    for (const { operation, path, init, before } of EXAMPLES) {
      const desk = openDesk({ bodyBytes: 1_000, bodyMs: 20, streams: operation.endsWith("503") ? 1 : 8 });
      await before?.(desk);
      const [, template, status] = operation.split(" ");
      const response = await desk.ask(path ?? template, init);
      assert.equal(response.status, Number(status), operation);
      const media = response.headers.get("content-type")!.split(";")[0];
      const value = await valueOf(response, media);
      assert.deepEqual(described.faults(operation, { status: response.status, media, value }), []);
      if (media === "application/problem+json") {
        assert.equal(value.status, response.status);
        assert.equal(value.requestId, response.headers.get("x-request-id"));
      }
      seen.add(operation);
      desk.control.close();
    }
    assert.deepEqual(
      described.listed().filter((answer) => !seen.has(answer)),
      [],
    );
  });

  it("of every endpoint, whatever stands in the way", async () => {
    const options = { token: "all", readToken: "look" };
    const described = await Described.of(openDesk());
    for (const { status, headers, before } of ANYWHERE) {
      for (const [method, path] of [["POST", "/v1/factory/pause"], ["PATCH", "/v1/procurement"]]) {
        const desk = openDesk(options);
        before?.(desk);
        const init = sending(method, path.endsWith("pause") ? {} : { paused: true });
        const response = await desk.ask(path, {
          ...init,
          headers: { ...init.headers as object, ...headers },
        });
        assert.equal(response.status, status, `${method} ${path}`);
        const value = await response.json();
        const answer = { status, media: "application/problem+json", value };
        assert.deepEqual(described.faults(`${method} ${path}`, answer), []);
      }
    }
  });

  it("and what is not as it says is found", async () => {
    const described = await Described.of(openDesk());
    const answer = { status: 200, media: "application/json", value: { epoch: "7" } };
    assert.match(described.faults("POST /v1/factory/checkpoint", answer)[0], /\/epoch must be integer/);
    const more = { ...answer, value: { epoch: 7, more: 1 } };
    assert.match(described.faults("POST /v1/factory/checkpoint", more)[0], /additional properties/);
    assert.match(described.faults("GET /docs", answer)[0], /answers no application\/json/);
  });
});

const CONTRACT: readonly string[] = [
  "GET /livez",
  "GET /readyz",
  "GET /metrics",
  "GET /v1/factory",
  "PATCH /v1/factory",
  "POST /v1/factory/pause",
  "POST /v1/factory/resume",
  "POST /v1/factory/drain",
  "POST /v1/factory/checkpoint",
  "GET /v1/lines",
  "GET /v1/workshops",
  "GET /v1/workshops/{id}",
  "GET /v1/workers",
  "GET /v1/workers/{key}",
  "DELETE /v1/workers/{key}",
  "GET /v1/procurement",
  "PATCH /v1/procurement",
  "POST /v1/materials",
  "GET /v1/warehouse",
  "GET /v1/products/{type}",
  "GET /v1/inspections/latest",
  "GET /v1/inspections",
  "GET /v1/inspections/history",
  "GET /v1/dead-letters",
  "POST /v1/dead-letters/replay",
  "DELETE /v1/dead-letters",
];
