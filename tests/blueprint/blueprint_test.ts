import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { type Blueprint, defineBlueprint, isBlueprint, keyed } from "../../src/blueprint/mod.ts";
import { BlueprintError } from "../../src/core/mod.ts";
import { discard } from "../../src/sinks/mod.ts";
import { push } from "../../src/sources/mod.ts";

const workshop = { hire: () => null, work() {} };

const good = {
  name: "good",
  material: z.object({ key: z.string() }),
  key: ({ key }: { key: string }) => key,
  products: { out: z.object({ key: z.string() }) },
  workshop: keyed(workshop),
};

function define(changes: Record<string, unknown>): Blueprint {
  return defineBlueprint({ ...good, ...changes } as never);
}

function refused(changes: Record<string, unknown>): BlueprintError {
  try {
    define(changes);
  } catch (error) {
    assert.ok(error instanceof BlueprintError, String(error));
    return error;
  }
  assert.fail(`${JSON.stringify(changes)} was accepted`);
}

describe("defineBlueprint()", () => {
  it("makes a blueprint that is known as one, and can't be changed", () => {
    const blueprint = define({});
    assert.equal(isBlueprint(blueprint), true);
    assert.equal(isBlueprint({ ...blueprint }), false);
    assert.equal(isBlueprint(null), false);
    assert.throws(() => (blueprint as { name: string }).name = "other", TypeError);
    assert.equal(blueprint.workshop.kind, "keyed");
    assert.equal(blueprint.source, undefined);
    assert.equal(blueprint.sinks, undefined);
  });

  it("takes source and sinks as they are, or as functions of the settings", () => {
    const [source, sink] = [push(), discard()];
    const settings = { name: "s" };
    for (const given of [{ source, sinks: sink }, { source: () => source, sinks: () => sink }]) {
      const blueprint = define(given);
      assert.equal(blueprint.source!(settings), source);
      assert.equal(blueprint.sinks!(settings), sink);
    }
    const asked: unknown[] = [];
    define({ source: (given: unknown) => (asked.push(given), source) }).source!(settings);
    assert.deepEqual(asked, [settings]);
  });

  it("names the field that is missing or wrong", () => {
    const values: Record<string, unknown[]> = {
      name: [undefined, 7, "", "1st", "two words", "ä", "x".repeat(65)],
      material: [undefined, null, {}, "string", z.object],
      key: [undefined, "key", null],
      products: [undefined, null, "out"],
      workshop: [undefined, {}, workshop, () => workshop, () => undefined, keyed],
      source: [null, {}, "stdin"],
      sinks: [null, 7, "stdout"],
    };
    for (const [field, wrong] of Object.entries(values)) {
      for (const value of wrong) {
        const error = refused({ [field]: value });
        assert.equal(error.fields.field, field, error.message);
        assert.match(error.message, new RegExp(`^blueprint: ${field} `));
        assert.equal(error.code, "BLUEPRINT_INVALID");
      }
    }
    for (const definition of [undefined, null, 7]) {
      assert.throws(() => defineBlueprint(definition as never), BlueprintError);
    }
  });

  it("names the product that is wrong", () => {
    assert.equal(refused({ products: { out: good.products.out, alarm: {} } }).fields.field, "products.alarm");
    assert.equal(
      refused({ products: { "two words": good.products.out } }).fields.field,
      "products.two words",
    );
  });

  it("names the part of the workshop that is missing", () => {
    assert.equal(refused({ workshop: keyed({ work() {} } as never) }).fields.field, "workshop.hire");
    assert.equal(refused({ workshop: keyed({ hire: () => null } as never) }).fields.field, "workshop.work");
  });

  it("names the number that can't be one, or is out of range", () => {
    const values: Record<string, unknown[]> = {
      "contract.idleMs": [-1, NaN, "5", null],
      "contract.ageMs": [-1, NaN, 0],
      "contract.maxWorkers": [0, -1, 1.5, NaN],
      "turn.timeoutMs": [0, -1, NaN, "5"],
      "turn.concurrency": [0, -1, 1.5, NaN],
      "turn.retries.attempts": [0, -1, 1.5, NaN],
      "turn.retries.minMs": [-1, NaN],
      "turn.retries.maxMs": [-1, NaN],
      "turn.retries.factor": [0.5, NaN],
      "turn.retries.jitter": [-0.1, 1.1, NaN],
      "version": [0, 1.5, "2"],
    };
    for (const [path, wrong] of Object.entries(values)) {
      for (const value of wrong) {
        const nested = path.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
        const error = refused({ workshop: keyed({ ...workshop, ...nested as object }) });
        assert.equal(error.fields.field, `workshop.${path}`, `${value}: ${error.message}`);
      }
    }
  });

  it("takes numbers at the limits, and none at all", () => {
    for (
      const numbers of [
        {
          contract: { idleMs: 0, ageMs: 1, maxWorkers: 1 },
          turn: { concurrency: 1, timeoutMs: 1, retries: { jitter: 0 } },
        },
        {
          contract: { idleMs: Infinity, ageMs: Infinity },
          turn: { timeoutMs: Infinity, retries: { jitter: 1 } },
        },
        { contract: {}, turn: { retries: {} } },
        { contract: undefined, turn: undefined, version: undefined },
      ]
    ) define({ workshop: keyed({ ...workshop, ...numbers }) });
  });
});
