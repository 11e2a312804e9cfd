import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { discard } from "../../src/sinks/mod.ts";
import { testSink } from "../../src/testing/sink_conformance.ts";
import { delivery, sinkContext } from "./deliveries.ts";

testSink("discard()", () => ({ sink: discard() }));

describe("discard()", () => {
  it("doesn't even decode what it throws away", async () => {
    const writer = await discard().open(sinkContext());
    const sealed = {
      ...delivery([]),
      count: 3,
      get products(): never {
        throw new Error("decoded");
      },
      get keys(): never {
        throw new Error("decoded");
      },
    };
    await writer.write(sealed);
    assert.equal(writer.flush, undefined);
  });
});
