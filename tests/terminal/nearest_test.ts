import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { nearest } from "../../src/terminal/nearest.ts";

describe("nearest()", () => {
  it("finds what was meant", () => {
    assert.equal(nearest("strat", ["run", "start", "validate"]), "start");
    assert.equal(nearest("valdate", ["run", "start", "validate"]), "validate");
  });

  it("finds nothing when nothing is near", () => {
    assert.equal(nearest("elephant", ["run", "start", "validate"]), undefined);
    assert.equal(nearest("x", []), undefined);
  });

  it("finds a word with any one letter missing", () => {
    fc.assert(fc.property(fc.constantFrom("start", "validate", "--workshops"), fc.nat(), (word, place) => {
      const cut = place % word.length;
      const misspelt = word.slice(0, cut) + word.slice(cut + 1);
      assert.equal(nearest(misspelt, ["start", "validate", "--workshops", "run"]), word);
    }));
  });
});
