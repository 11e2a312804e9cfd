import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { OptionsError, SinkError } from "../../src/core/mod.ts";
import { ndjson } from "../../src/sinks/mod.ts";
import { testSink, type TrialProduct } from "../../src/testing/sink_conformance.ts";
import { delivery, sinkContext } from "./deliveries.ts";
import { scratchDirectory } from "./scratch.ts";

const scratch = scratchDirectory();
const fresh = () => join(mkdtempSync(join(scratch, "out-")), "products.ndjson");

function linesOf(path: string): unknown[] {
  const text = readFileSync(path, "utf8");
  assert.ok(text === "" || text.endsWith("\n"));
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

testSink("ndjson() to a file", () => {
  const path = fresh();
  return {
    sink: ndjson({ path }),
    arrived: (kind) => (linesOf(path) as TrialProduct[]).filter((product) => product.kind === kind),
  };
});

async function write(path: string, products: readonly unknown[]): Promise<void> {
  const writer = await ndjson({ path }).open(sinkContext());
  await writer.write(delivery(products));
  await writer.flush?.();
  await writer.close();
}

describe("ndjson() as a sink", () => {
  it("appends to what is there", async () => {
    const path = fresh();
    await write(path, [{ n: 1 }]);
    await write(path, [{ n: 2 }, { n: 3 }]);
    assert.deepEqual(linesOf(path), [{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it("begins a new line after one that was torn", async () => {
    const path = fresh();
    writeFileSync(path, '{"n":1}\n{"n":');
    await write(path, [{ n: 2 }]);
    assert.equal(readFileSync(path, "utf8"), '{"n":1}\n{"n":\n{"n":2}\n');
  });

  it("writes dates as ISO 8601 and numbers that JSON lacks as null", async () => {
    const path = fresh();
    await write(path, [{ at: new Date(0), a: NaN, b: -Infinity }]);
    assert.equal(readFileSync(path, "utf8"), '{"at":"1970-01-01T00:00:00.000Z","a":null,"b":null}\n');
  });

  it("can be flushed when it writes to a device", async () => {
    await write("/dev/null", [{ n: 1 }]);
  });

  it("fails, and may be tried again, when the disk is full", async () => {
    const writer = await ndjson({ path: "/dev/full" }).open(sinkContext());
    await assert.rejects(
      async () => await writer.write(delivery([{ n: 1 }])),
      (error) =>
        error instanceof SinkError && error.fields.final === undefined && error.message.includes("/dev/full"),
    );
    await writer.close();
  });

  it("names the path that it can't open", async () => {
    const path = join(scratch, "missing", "products.ndjson");
    await assert.rejects(
      async () => await ndjson({ path }).open(sinkContext()),
      (error) => error instanceof SinkError && error.message.includes(path),
    );
  });

  it("refuses a path that is none", () => {
    assert.throws(() => ndjson({ path: "" }), OptionsError);
    assert.throws(() => ndjson(undefined as never), OptionsError);
  });
});
