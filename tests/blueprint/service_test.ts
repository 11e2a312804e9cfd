import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { defineBlueprint, keyed, service, servicesOf } from "../../src/blueprint/mod.ts";
import { BlueprintError } from "../../src/core/mod.ts";
import type { Service } from "../../src/rpc/mod.ts";

const good: Service = { protocol: "json", endpoints: ["http://127.0.0.1:9001"] };

/** The field that is complained about. */
function fault(definition: object): unknown {
  try {
    service(definition as Service);
  } catch (error) {
    assert.ok(error instanceof BlueprintError);
    return error.fields.field;
  }
}

/** A blueprint with these services. */
const blueprintWith = (services: unknown) =>
  defineBlueprint({
    name: "calling",
    material: z.object({ key: z.string() }),
    key: ({ key }) => key,
    products: {},
    services: services as Record<string, Service>,
    workshop: keyed({ hire: () => null, work() {} }),
  });

describe("service()", () => {
  it("takes endpoints or a registry, for both protocols", () => {
    assert.equal(fault(good), undefined);
    assert.equal(
      fault({ protocol: "connect", endpoints: ["https://a.example/rpc/", "http://[::1]:80"] }),
      undefined,
    );
    for (const registry of ["etcd://127.0.0.1:2379", "nats://127.0.0.1", "memory:a"]) {
      assert.equal(fault({ protocol: "json", registry, name: "scales" }), undefined);
    }
    assert.ok(Object.isFrozen(service(good)));
  });

  it("says which field is missing or wrong", () => {
    const faults: [field: string, definition: object][] = [
      ["service.protocol", { ...good, protocol: "grpc" }],
      ["service", { protocol: "json" }],
      ["service", { ...good, registry: "etcd://x" }],
      ["service.endpoints", { ...good, endpoints: [] }],
      ["service.endpoints", { ...good, endpoints: ["127.0.0.1:9001"] }],
      ["service.endpoints", { ...good, endpoints: ["http://user:secret@a/"] }],
      ["service.endpoints", { ...good, endpoints: ["http://a/?b"] }],
      ["service.registry", { protocol: "json", registry: "consul://x" }],
      ["service.name", { ...good, name: "" }],
      ["service.schema", { ...good, schema: { kind: "service" } }],
      ["service.deadlineMs", { ...good, deadlineMs: 0 }],
      ["service.hedgeMs", { ...good, hedgeMs: -1 }],
      ["service.attempts", { ...good, attempts: 1.5 }],
      ["service.concurrency", { ...good, concurrency: 5_000 }],
      ["service.headers", { ...good, headers: { "a b": "c" } }],
      ["service.headers", { ...good, headers: { a: "b\r\nc: d" } }],
      ["service.headers", { ...good, headers: { "Content-Length": "1" } }],
    ];
    for (const [field, definition] of faults) {
      assert.equal(fault(definition), field, JSON.stringify(definition));
    }
  });
});

describe("services of a blueprint", () => {
  it("are checked when it is defined, or, if they depend on settings, when they are asked for", () => {
    assert.equal(blueprintWith(undefined).services, undefined);
    assert.deepEqual(servicesOf(undefined, {}), {});
    assert.deepEqual(servicesOf(blueprintWith({ data: good }).services, {}), { data: good });
    assert.throws(() => blueprintWith({ data: { protocol: "json" } }), {
      fields: { field: "services.data" },
    });
    assert.throws(() => blueprintWith("http://a"), { fields: { field: "services" } });
    const late = blueprintWith(({ url }: { url: string }) => ({ data: { ...good, endpoints: [url] } }));
    assert.deepEqual(servicesOf(late.services, { url: "http://a" }).data.endpoints, ["http://a"]);
    assert.throws(() => servicesOf(late.services, { url: "a" }), {
      fields: { field: "services.data.endpoints" },
    });
  });
});
