import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { JsonSchema, OpenApiDocument, Operation } from "../../src/control/open_api.ts";
import { type Desk, openDesk } from "./client.ts";
import { Described } from "./described.ts";
import { HOSTILE } from "./hostile.ts";

const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary" }), fc.string());
const anything = fc.oneof(fc.jsonValue({ maxDepth: 4 }), text.map((value) => ({ [value]: value })), text);

/** Values that a schema allows, and as many that it doesn't. */
function around(schema: JsonSchema | undefined, document: OpenApiDocument): fc.Arbitrary<unknown> {
  return fc.oneof(within(schema, document), anything);
}

function within(schema: JsonSchema | undefined, document: OpenApiDocument): fc.Arbitrary<unknown> {
  if (schema?.$ref !== undefined) {
    return within(document.components.schemas[schema.$ref.split("/").at(-1)!], document);
  }
  if (schema?.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((each) => within(each, document)));
  if (schema?.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema?.const !== undefined) return fc.constant(schema.const);
  switch (schema?.type) {
    case "integer":
      return fc.integer({
        min: Number(schema.minimum ?? -1e9),
        max: Math.min(Number(schema.maximum ?? 1e9), 1e9),
      });
    case "number":
      return fc.double();
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(around(schema.items, document), { maxLength: 5 });
    case "object":
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? { device: {} }).map((
            [name, each],
          ) => [name, around(each, document)]),
        ),
        { requiredKeys: [] },
      );
    default:
      return text;
  }
}

interface Attempt {
  readonly operation: string;
  readonly path: string;
  readonly init: RequestInit;
}

/** Requests to one operation: its own parameters, headers and bodies, right and wrong. */
function attempts(
  { path, method, operation }: { path: string; method: string; operation: Operation },
  document: OpenApiDocument,
): fc.Arbitrary<Attempt> {
  const { parameters = [], requestBody } = operation;
  const of = (place: string) =>
    fc.record(
      Object.fromEntries(
        parameters.filter((each) => each.in === place).map((
          { name, schema },
        ) => [name, around(schema, document)]),
      ),
      place === "path" ? {} : { requiredKeys: [] },
    );
  const media = fc.constantFrom(
    ...Object.keys(requestBody?.content ?? {}),
    "application/json",
    "text/plain",
    "x",
  );
  const schemas = Object.values(requestBody?.content ?? {}).map(({ schema }) => around(schema, document));
  const body = requestBody === undefined ? fc.constant(undefined) : fc.oneof(...schemas, anything);
  const raw = fc.boolean();
  return fc.record({ inPath: of("path"), query: of("query"), header: of("header"), media, body, raw }).map((
    drawn,
  ) => ({
    operation: `${method.toUpperCase()} ${path}`,
    path: pathOf(path, drawn),
    init: {
      method: method.toUpperCase(),
      headers: headersOf({ ...drawn.header, "content-type": drawn.media }),
      ...method === "get" || drawn.body === undefined ? {} : { body: bodyOf(drawn) },
    },
  }));
}

function pathOf(path: string, drawn: { inPath: object; query: object; raw: boolean }): string {
  const encode = (value: unknown) => {
    const plain = typeof value === "string" ? value : JSON.stringify(value) ?? "";
    return drawn.raw ? plain.replaceAll(/[?#\s\\]/g, "") : encodeURIComponent(plain.toWellFormed());
  };
  const inPath = new Map(Object.entries(drawn.inPath));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => encode(inPath.get(name)) || "x");
  const query = Object.entries(drawn.query).map(([name, value]) => `${name}=${encode(value)}`);
  return filled.replace(/^\/\/+/, "/") + (query.length > 0 ? `?${query.join("&")}` : "");
}

function bodyOf({ body, raw }: { body?: unknown; raw: boolean }): string {
  return raw && typeof body === "string" ? body : JSON.stringify(body) ?? "";
}

/** What can't be a header never leaves a client. */
function headersOf(fields: Readonly<Record<string, unknown>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(fields)) {
    try {
      headers.set(name, String(value));
    } catch {
      headers.set(name, "none");
    }
  }
  return headers;
}

/** Operations that have been asked for something that they could give. */
const succeeded = new Set<string>();

/** Answers as they should be: in time, no failure of the server's, of the listed shape, with nothing forged. */
async function fine(
  { operation, path, init }: Attempt,
  { desk, described }: { desk: Desk; described: Described },
) {
  if (!URL.canParse(path, "http://localhost") || new URL(path, "http://localhost").host !== "localhost") {
    return;
  }
  const response = await within10s(desk.ask(path, init));
  assert.ok(response.status < 500, `${operation} ${path}: ${response.status}`);
  if (response.ok) succeeded.add(operation);
  assert.equal(response.headers.get("set-cookie"), null);
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  const media = response.headers.get("content-type")!.split(";")[0];
  if (media === "text/event-stream") return await response.body!.cancel();
  const answer = await response.text();
  if (media === "text/html" || response.status === 404 || response.status === 405) {
    return assert.ok(media !== "text/html" || !answer.includes("alert(1)"));
  }
  const value = media.endsWith("json") ? JSON.parse(answer) : answer;
  assert.deepEqual(described.faults(operation, { status: response.status, media, value }), []);
}

function within10s<T>(promise: Promise<T>): Promise<T> {
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => {
      const timer = setTimeout(() => reject(new Error("no answer in 10 s")), 10_000);
      promise.finally(() => clearTimeout(timer)).catch(() => {});
    }),
  ]);
}

/** A desk that has something of everything. */
function openFull(): Desk {
  const desk = openDesk({ streams: 100_000 });
  desk.factory.inspect();
  for (const device of HOSTILE) desk.factory.admitted.push({ device });
  desk.factory.letters = HOSTILE.map((key, id) => ({
    id,
    key,
    reason: "error",
    error: key,
    stack: key,
    attempts: 1,
    at: 1,
    item: { device: key },
  }));
  return desk;
}

const { document } = await Described.of(openDesk());
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation }))
);

describe("no request breaks the control server", () => {
  for (const each of operations) {
    it(`${each.method.toUpperCase()} ${each.path}`, async () => {
      let desk = openFull();
      const described = new Described(document);
      await fc.assert(
        fc.asyncProperty(attempts(each, document), async (attempt) => {
          if (desk.factory.state === "closed") desk = openFull();
          await fine(attempt, { desk, described });
          assert.deepEqual(desk.errors, []);
        }),
        { numRuns: 60 },
      );
      const { status } = await desk.ask("/metrics");
      assert.equal(status, 200);
    });
  }

  it("and most have been asked what they could answer", () => {
    assert.ok(succeeded.size > operations.length * 0.7, [...succeeded].join(", "));
  });

  it("of any method, to any path, with any headers", async () => {
    const desk = openFull();
    const known = operations.map(({ path }) => path.replaceAll(/\{\w+\}/g, "x"));
    const path = fc.oneof(
      fc.constantFrom(...known),
      fc.webPath(),
      text.map((name) => `/${encodeURI(name.toWellFormed())}`),
    );
    const method = fc.constantFrom(
      "GET",
      "HEAD",
      "POST",
      "PUT",
      "PATCH",
      "DELETE",
      "OPTIONS",
      "PROPFIND",
      "x",
    );
    const name = fc.constantFrom(
      "host",
      "origin",
      "authorization",
      "accept",
      "cookie",
      "x-request-id",
      "range",
      "x",
    );
    const headers = fc.dictionary(name, text);
    await fc.assert(
      fc.asyncProperty(path, method, headers, async (path, method, headers) => {
        if (!URL.canParse(path, "http://localhost") || path.startsWith("//") || path.includes("drain")) {
          return;
        }
        const response = await within10s(desk.ask(path, { method, headers: headersOf(headers) }));
        assert.ok(response.status < 500, `${method} ${path}: ${response.status}`);
        await response.body?.cancel();
      }),
      { numRuns: 500 },
    );
    assert.deepEqual(desk.errors, []);
  });
});
