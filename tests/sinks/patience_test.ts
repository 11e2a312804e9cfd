import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ndjson as bothEnds } from "../../src/blueprint/ndjson.ts";
import { OptionsError } from "../../src/core/mod.ts";
import { callback, ndjson, postgres, type SinkPatience, sqlite } from "../../src/sinks/mod.ts";
import { delivery, sinkContext } from "./deliveries.ts";

const sinks = {
  callback: (options: SinkPatience) => callback(() => {}, options),
  ndjson: (options: SinkPatience) => ndjson({ path: "a", ...options }),
  "ndjson for both ends": (options: SinkPatience) => bothEnds({ path: "a", ...options }),
  postgres,
  sqlite,
};

describe("timeoutMs and patienceMs", () => {
  for (const [name, make] of Object.entries(sinks)) {
    it(`are options of ${name}`, () => {
      const { timeoutMs, patienceMs } = make({ timeoutMs: 5, patienceMs: 7 });
      assert.deepEqual([timeoutMs, patienceMs], [5, 7]);
      for (const odd of [{ timeoutMs: 0 }, { patienceMs: -1 }, { timeoutMs: "5" }, { patienceMs: NaN }]) {
        assert.throws(() => make(odd as SinkPatience), OptionsError);
      }
    });
  }
});

describe("callback()", () => {
  it("hands the call's own signal over, which aborts when the call is overdue", async () => {
    const call = new AbortController();
    let given: AbortSignal | undefined;
    const writer = await callback((_type, _products, { signal }) => void (given = signal)).open(
      sinkContext(),
    );
    await writer.write(delivery([1]), { signal: call.signal });
    assert.equal(given, call.signal);
  });
});
