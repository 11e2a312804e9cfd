import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SinkError } from "../../src/core/mod.ts";
import { callback, type CallbackContext } from "../../src/sinks/mod.ts";
import { testSink, type TrialProduct } from "../../src/testing/sink_conformance.ts";
import { delivery, sinkContext } from "./deliveries.ts";

testSink("callback()", () => {
  const arrived = new Map<string, TrialProduct[]>();
  return {
    sink: callback(async (type, products) => {
      const copies = (products as TrialProduct[]).map((product) => ({ ...product }));
      await Promise.resolve();
      arrived.set(type, [...arrived.get(type) ?? [], ...copies]);
    }),
    arrived: (kind) => arrived.get(kind) ?? [],
  };
});

describe("callback()", () => {
  it("hands type, products, keys, epoch, idempotency key, settings and signal over", async () => {
    const calls: [string, readonly unknown[], CallbackContext][] = [];
    const writer = await callback((...call) => void calls.push(call)).open(
      sinkContext({ settings: { a: 1 } }),
    );
    await writer.write(delivery([{ n: 1 }, { n: 2 }]));
    const [type, products, { settings, keys, epoch, idempotencyKey, signal }] = calls[0];
    assert.deepEqual([type, products, settings, keys, epoch, idempotencyKey, signal.aborted], [
      "reading",
      [{ n: 1 }, { n: 2 }],
      { a: 1 },
      ["key 0", "key 1"],
      3,
      "3-0-7",
      false,
    ]);
  });

  it("decodes the keys only when they are asked for", async () => {
    const writer = await callback(() => {}).open(sinkContext());
    await writer.write({
      ...delivery([{ n: 1 }]),
      get keys(): never {
        throw new Error("decoded");
      },
    });
  });

  it("fails with the cause of what the function threw, to be tried again", async () => {
    const cause = new TypeError("no route to host");
    const writer = await callback(() => {
      throw cause;
    }).open(sinkContext());
    await assert.rejects(
      async () => await writer.write(delivery([1])),
      (error) =>
        error instanceof SinkError && error.cause === cause && error.fields.final === undefined &&
        error.message.includes("no route to host"),
    );
  });

  it("lets a SinkError through as it is", async () => {
    const final = new SinkError("the account is closed", { fields: { final: true } });
    const writer = await callback(() => Promise.reject(final)).open(sinkContext());
    await assert.rejects(async () => await writer.write(delivery([1])), (error) => error === final);
  });
});
