import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OptionsError } from "../../src/core/mod.ts";
import { MAX_WORKSHOPS } from "../../src/core/limits.ts";
import { type FactoryOptions, resolveOptions } from "../../src/headquarters/mod.ts";

/** What each option refuses; NaN, null, objects and bigints are tried with all of them. */
const REFUSED: Readonly<Record<string, readonly unknown[]>> = {
  workshops: [0, -1, 1.5, MAX_WORKSHOPS + 1, "2", "all", true],
  data: ["", 7, true],
  durability: ["", "at-least-once", 1],
  epochMs: [9, 60_001, 10.5, "1000"],
  ratePerSecond: [0, -5, 1e10, Infinity, "10"],
  lingerMs: [-1, 1_001, "5"],
  lineBatches: [1, 257, 2.5, "8"],
  batchBytes: [1_023, 1_048_577, 2_000.5, "65536"],
  minWorkshops: [0, 65, 1.5, "2"],
  maxWorkshops: [0, 65, 1.5, "2"],
  heartbeatMs: [99, 600_001, "2000"],
  alarmLatencyMs: [0, 3_600_001, "5000"],
  input: ["", 7],
  settings: ["", 7, [], { run() {} }, { when: Promise.resolve() }],
};

const ALWAYS: readonly unknown[] = [NaN, null, Symbol("odd"), 10n, { odd: 1n }];

function refusal(options: unknown): OptionsError {
  try {
    resolveOptions(options as FactoryOptions);
  } catch (error) {
    assert.ok(error instanceof OptionsError, `${String(error)}`);
    return error;
  }
  assert.fail("it was accepted");
}

describe("resolveOptions()", () => {
  for (const [option, values] of Object.entries(REFUSED)) {
    it(`names ${option} when it refuses its value`, () => {
      for (const value of [...values, ...ALWAYS]) {
        if (option === "ratePerSecond" && value === null) continue;
        if (option === "settings" && (value as { odd?: bigint })?.odd) continue;
        const error = refusal({ [option]: value });
        assert.equal(error.fields.option, option);
        assert.match(error.message, new RegExp(`^option ${option}: `));
      }
    });
  }

  it("says what was found", () => {
    for (
      const [value, found] of [[NaN, "NaN"], [10n, "10"], ["2", '"2"'], [1.5, "1.5"], [null, "null"], [
        {},
        "{}",
      ]] as const
    ) {
      assert.match(refusal({ workshops: value }).message, new RegExp(`found ${found}$`));
    }
  });

  it("refuses options that there are not, by name", () => {
    assert.deepEqual(refusal({ workshop: 2 }).fields, { option: "workshop" });
    assert.match(refusal({ workshop: 2 }).message, /option workshop: there is no such option/);
    for (const options of [null, 7, "auto", []]) assert.ok(refusal(options));
  });

  it("refuses exactly-once without a directory", () => {
    assert.equal(refusal({ durability: "exactly-once" }).fields.option, "durability");
  });

  it("fills in the defaults", () => {
    const { workshops, minWorkshops, maxWorkshops, ...rest } = resolveOptions();
    assert.deepEqual([minWorkshops, maxWorkshops], [workshops, workshops]);
    assert.ok(Number.isInteger(workshops) && workshops >= 1 && workshops <= MAX_WORKSHOPS);
    assert.deepEqual(rest, {
      data: undefined,
      durability: "none",
      epochMs: 1_000,
      ratePerSecond: null,
      lingerMs: 5,
      lineBatches: 8,
      batchBytes: 65_536,
      alarmLatencyMs: 5_000,
      heartbeatMs: 2_000,
      traces: false,
      input: undefined,
      settings: {},
    });
    assert.equal(resolveOptions({ data: "d" }).durability, "exactly-once");
    assert.equal(resolveOptions({ data: "d", durability: "none" }).durability, "none");
  });

  it("lets the operator change the number of workshops within bounds, if it is auto", () => {
    const staff = (options: FactoryOptions) => {
      const { workshops, minWorkshops, maxWorkshops } = resolveOptions(options);
      return [workshops, minWorkshops, maxWorkshops];
    };
    const [usual] = staff({});
    assert.deepEqual(staff({ minWorkshops: 64 }), [64, 64, 64]);
    assert.deepEqual(staff({ maxWorkshops: 64 }), [usual, usual, 64]);
    assert.deepEqual(staff({ minWorkshops: 1, maxWorkshops: 1 }), [1, 1, 1]);
    assert.deepEqual(staff({ minWorkshops: 1, maxWorkshops: 64 }), [usual, 1, 64]);
    assert.match(refusal({ workshops: 2, maxWorkshops: 3 }).message, /goes with workshops "auto" only/);
    assert.match(refusal({ minWorkshops: 3, maxWorkshops: 2 }).message, /expected at most maxWorkshops, 2/);
  });

  it("takes what is documented, to the limits", () => {
    const least = {
      workshops: 1,
      epochMs: 10,
      ratePerSecond: 0.001,
      lingerMs: 0,
      lineBatches: 2,
      batchBytes: 1_024,
    };
    const most = {
      workshops: MAX_WORKSHOPS,
      epochMs: 60_000,
      ratePerSecond: 1e9,
      lingerMs: 1_000,
      lineBatches: 256,
      batchBytes: 1_048_576,
    };
    for (const options of [least, most]) {
      assert.deepEqual({ ...resolveOptions(options), ...options }, resolveOptions(options));
    }
  });
});
