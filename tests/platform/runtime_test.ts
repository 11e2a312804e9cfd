import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { residentMemoryBytes, runtimeName, runtimeVersion } from "../../src/platform/mod.ts";

describe("runtimeVersion()", () => {
  it("names the runtime that runs these tests", () => {
    const expected = "Deno" in globalThis ? "deno" : "Bun" in globalThis ? "bun" : "node";
    assert.equal(runtimeName(), expected);
    assert.match(runtimeVersion(), new RegExp(`^${expected} \\d+\\.\\d+\\.\\d+`));
  });
});

describe("residentMemoryBytes()", () => {
  it("is in bytes", () => {
    const bytes = residentMemoryBytes();
    assert.ok(bytes > 10e6 && bytes < 100e9, String(bytes));
  });
});
