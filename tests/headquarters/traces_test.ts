import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { after, afterEach, before, describe, it } from "node:test";
import {
  type Context,
  context,
  type ContextManager,
  propagation,
  ROOT_CONTEXT,
  trace,
} from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { type Factory, type FactoryOptions, openFactory } from "../../mod.ts";
import { createControl } from "../../src/control/mod.ts";

/** What an SDK for servers brings: the context of whoever waits. */
class AsyncContext implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
  with: ContextManager["with"] = (context, run, self, ...args) =>
    this.#storage.run(context, () => Reflect.apply(run, self, args));
  bind: ContextManager["bind"] = (_context, target) => target;
  enable = () => this;
  disable = () => this;
}

const exporter = new InMemorySpanExporter();

before(() => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  context.setGlobalContextManager(new AsyncContext());
  propagation.setGlobalPropagator({
    inject() {},
    fields: () => ["traceparent"],
    extract(context, carrier, { get }) {
      const [, traceId, spanId] = String(get(carrier, "traceparent") ?? "").split("-");
      return traceId ? trace.setSpanContext(context, { traceId, spanId, traceFlags: 1 }) : context;
    },
  });
});

after(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

afterEach(() => exporter.reset());

const BLUEPRINT = new URL("../../examples/orders.ts", import.meta.url);

function open(options: FactoryOptions): Promise<Factory> {
  return openFactory(BLUEPRINT, { workshops: 1, input: "/dev/null", epochMs: 300, ...options });
}

const ORDER = { customer: "ann", cents: 1250 };

function spans(name: string): ReadableSpan[] {
  return exporter.getFinishedSpans().filter((span) => span.name === name);
}

/** The one span of that name. */
function one(name: string): ReadableSpan {
  const found = spans(name);
  assert.equal(found.length, 1, `${found.length} spans ${name}`);
  return found[0];
}

function assertChild(child: ReadableSpan, parent: ReadableSpan): void {
  assert.equal(child.parentSpanContext?.spanId, parent.spanContext().spanId, `${child.name} is not below it`);
  assert.equal(child.spanContext().traceId, parent.spanContext().traceId);
}

describe("traces", () => {
  it("follow a request into its admission, its epoch and the delivery", async () => {
    const factory = await open({ traces: true });
    const control = createControl(factory, { traces: true });
    const caller = "0af7651916cd43dd8448eb211c80319c";
    const answer = await control.fetch(
      new Request("http://localhost/v1/materials", {
        method: "POST",
        body: JSON.stringify([ORDER, { customer: 5 }]),
        headers: { "content-type": "application/json", traceparent: `00-${caller}-b7ad6b7169203331-01` },
      }),
    );
    assert.equal(answer.status, 202);
    await answer.body?.cancel();
    await factory.drain();
    const request = one("POST /v1/materials");
    assert.equal(request.spanContext().traceId, caller);
    assert.equal(request.attributes["http.response.status_code"], 202);
    const admission = one("shopfloor.admission");
    assertChild(admission, request);
    assert.equal(admission.attributes["shopfloor.accepted"], 1);
    assert.equal(admission.attributes["shopfloor.rejected"], 1);
    const epoch = one("shopfloor.epoch");
    assertChild(epoch, admission);
    assert.equal(epoch.attributes["shopfloor.epoch"], admission.attributes["shopfloor.epoch"]);
    const delivery = one("shopfloor.delivery");
    assertChild(delivery, epoch);
    assert.equal(delivery.attributes["shopfloor.product"], "total");
    assert.equal(delivery.attributes["shopfloor.products"], 1);
    assert.equal(delivery.attributes["shopfloor.failed_attempts"], 0);
    assert.ok(epoch.status.code !== 2, "the epoch was committed");
  });

  it("link an admission that waited for the commit with its epoch", async () => {
    const factory = await open({ traces: true });
    await factory.push([ORDER], { committed: true });
    await factory.close();
    const epoch = one("shopfloor.epoch").spanContext();
    const admission = one("shopfloor.admission");
    assert.deepEqual(admission.links.map((link) => link.context.spanId), [epoch.spanId]);
  });

  it("tell what an admission failed of", async () => {
    const factory = await open({ traces: true });
    await factory.pause();
    await assert.rejects(factory.push([ORDER], { waitMs: 10 }));
    await factory.close();
    const { status, events } = one("shopfloor.admission");
    assert.equal(status.code, 2);
    assert.equal(events[0].name, "exception");
  });

  it("name requests after their route, and never after their path", async () => {
    const factory = await open({});
    const control = createControl(factory, { traces: true });
    await control.fetch(new Request("http://localhost/v1/workers/who"));
    await control.fetch(new Request("http://localhost/made/up"));
    await factory.close();
    assert.deepEqual(exporter.getFinishedSpans().map(({ name }) => name), [
      "GET /v1/workers/:key",
      "GET none",
    ]);
  });

  it("are off by default", async () => {
    const factory = await open({});
    const control = createControl(factory);
    await control.fetch(new Request("http://localhost/v1/factory"));
    await factory.push([ORDER], { committed: true });
    await factory.close();
    assert.deepEqual(exporter.getFinishedSpans(), []);
  });
});
