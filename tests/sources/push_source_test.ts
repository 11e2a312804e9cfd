import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { push } from "../../src/sources/mod.ts";
import { testSource } from "../../src/testing/source_conformance.ts";

testSource("push()", { waiting: push });

describe("push()", () => {
  it("never ends by itself", () => {
    assert.equal(push().bounded, false);
    assert.equal(push().replayable, false);
  });
});
