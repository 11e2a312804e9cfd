import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { type Affinity, defineBlueprint, keyed, layoutOf, placesOf } from "../../src/blueprint/mod.ts";
import { BlueprintError, hashKey, slotOf } from "../../src/core/mod.ts";
import { CLASS_BLOCKS, CLASSES } from "../../src/core/limits.ts";

interface Reading {
  device: string;
  kind: string;
}

function describeWith(affinity?: unknown) {
  return defineBlueprint({
    name: "devices",
    material: z.object({ device: z.string(), kind: z.string() }),
    key: ({ device }) => device,
    affinity: affinity as Affinity<Reading>,
    products: {},
    workshop: keyed({ hire: () => null, work() {} }),
  });
}

const of = ({ kind }: Reading) => kind;

describe("defineBlueprint() with an affinity", () => {
  it("takes a function, or a function and the classes with their weights", () => {
    assert.equal(describeWith().affinity, undefined);
    assert.equal(describeWith(of).affinity!.blocks.length, CLASS_BLOCKS);
    const { blocks, declared } = describeWith({ of, classes: ["a", "b"], workshops: { b: 3 } }).affinity!;
    assert.ok(declared);
    assert.deepEqual(blocks.map(({ name, weight, slots }) => [name, weight, slots]), [["a", 1, 128], [
      "b",
      3,
      128,
    ]]);
  });

  for (
    const [wrong, message] of [
      ["kind", /affinity must be a function of the material, or \{ of, classes \}/],
      [null, /affinity must be a function/],
      [{ classes: ["a"] }, /affinity\.of must be a function/],
      [{ of, classes: [] }, /affinity\.classes must be an array of 1 to 64 names/],
      [{ of, classes: Array.from({ length: CLASSES + 1 }, (_, i) => `${i}`) }, /1 to 64 names/],
      [{ of, classes: ["a", ""] }, /must be strings of 1 to 64 characters/],
      [{ of, classes: ["a", "a"] }, /must differ from one another/],
      [{ of, classes: ["a"], workshops: { b: 1 } }, /affinity\.workshops\.b is none of the classes/],
      [{ of, classes: ["a"], workshops: { a: 0 } }, /affinity\.workshops\.a must be a number above 0/],
    ] as const
  ) {
    it(`refuses ${JSON.stringify(wrong).slice(0, 60)}`, () => {
      assert.throws(() => describeWith(wrong), (error: unknown) => {
        assert.ok(error instanceof BlueprintError);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

describe("placesOf()", () => {
  it("is a key's hash without an affinity, and one place in every block with one", () => {
    assert.deepEqual(placesOf(undefined, "k"), [hashKey("k")]);
    const placement = describeWith({ of, classes: ["a", "b", "c"] }).affinity!;
    placesOf(placement, "k").forEach((hash, index) => {
      const { first, slots } = placement.blocks[index];
      assert.ok(slotOf(hash) >= first && slotOf(hash) < first + slots);
    });
  });
});

describe("layoutOf()", () => {
  it("tells apart what puts keys into other slots, and nothing else", () => {
    const layout = (affinity?: unknown) => layoutOf(describeWith(affinity).affinity);
    const layouts = [undefined, of, { of, classes: ["a", "b"] }, { of, classes: ["b", "a"] }, {
      of,
      classes: ["a"],
    }];
    assert.equal(new Set(layouts.map(layout)).size, layouts.length);
    assert.equal(
      layout({ of, classes: ["a", "b"], workshops: { a: 2 } }),
      layout({ of, classes: ["a", "b"] }),
    );
  });
});
