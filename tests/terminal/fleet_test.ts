import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fleet from "../../examples/fleet.ts";
import { type Settings, systemClock } from "../../src/core/mod.ts";

interface Reading {
  device: string;
  kind: string;
  at: number;
  value: number;
}

/** The first readings behind an offset, without their time, and the offset behind them. */
async function read(
  count: number,
  { settings = {}, offset }: { settings?: Settings; offset?: unknown } = {},
) {
  const { signal } = new AbortController();
  const source = fleet.source!(settings);
  const reader = await source.open({ settings, offset, input: undefined, signal, clock: systemClock });
  const readings: Omit<Reading, "at">[] = [];
  let last: unknown;
  try {
    while (readings.length < count) {
      const chunk = (await reader.read())!;
      readings.push(
        ...(chunk.items as Reading[]).map(({ device, kind, value }) => ({ device, kind, value })),
      );
      last = chunk.offset;
    }
  } finally {
    await reader.close();
  }
  return { readings, offset: last };
}

describe("the demo fleet", () => {
  it("reads the same values every time, and others from another seed", async () => {
    const { readings } = await read(2_000);
    assert.deepEqual((await read(2_000)).readings, readings);
    assert.notDeepEqual((await read(2_000, { settings: { seed: 2 } })).readings, readings);
  });

  it("goes on behind an offset as if it had never stopped", async () => {
    const settings = { sensors: 50 };
    const all = (await read(6_000, { settings })).readings;
    const first = await read(1_000, { settings });
    const second = await read(2_000, { settings, offset: first.offset });
    const both = [...first.readings, ...second.readings];
    assert.deepEqual(both, all.slice(0, both.length));
  });

  it("has as many sensors as it is told, of every kind", async () => {
    const { readings } = await read(5_000, { settings: { sensors: 100 } });
    assert.equal(new Set(readings.map(({ device }) => device)).size, 100);
    assert.deepEqual([...new Set(readings.map(({ kind }) => kind))].sort(), [
      "humidity",
      "power",
      "pressure",
      "temperature",
      "vibration",
    ]);
  });

  it("yields readings that are numbers of its schema", async () => {
    const { readings } = await read(20_000);
    assert.ok(readings.every(({ value }) => Number.isFinite(value)));
  });

  for (const settings of [{ sensors: 0 }, { sensors: "many" }, { every: -1 }, { seed: 0.5 }]) {
    it(`refuses ${JSON.stringify(settings)}`, () => {
      assert.throws(() => fleet.source!(settings), { name: "RangeError", message: /^setting \w+: expected/ });
    });
  }
});
