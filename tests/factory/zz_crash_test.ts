import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sqlite } from "../../src/sinks/mod.ts";
import { inline, VirtualClock } from "../../src/testing/mod.ts";
import { z } from "zod";
import { type Blueprint, type Contract, defineBlueprint, keyed } from "../../src/blueprint/mod.ts";
import { sleep } from "../../src/core/mod.ts";
import { type Cut, NumbersSource } from "../procurement/numbers_source.ts";

/** One life of a factory, from its opening to its crash. */
interface Life {
  readonly workshops: number;
  readonly ms: number;
  readonly cuts: readonly Cut[];
  readonly ratePerSecond: number;
}

interface Plan {
  readonly total: number;
  readonly lives: readonly Life[];
  readonly contract: Contract;
  readonly workMs: number;
  readonly farewell: boolean;
  readonly seed: number;
}

const cut = fc.record({ size: fc.integer({ min: 1, max: 40 }), marked: fc.boolean() }, {
  noNullPrototype: true,
});

const plan: fc.Arbitrary<Plan> = fc.record({
  total: fc.integer({ min: 1, max: 300 }),
  lives: fc.array(
    fc.record({
      workshops: fc.integer({ min: 1, max: 3 }),
      ms: fc.integer({ min: 0, max: 600 }),
      cuts: fc.array(cut, { minLength: 1, maxLength: 4 }),
      ratePerSecond: fc.constantFrom(200, 1_000, 100_000),
    }, { noNullPrototype: true }),
    { maxLength: 5 },
  ),
  contract: fc.record({
    idleMs: fc.integer({ min: 5, max: 500 }),
    maxWorkers: fc.integer({ min: 1, max: 6 }),
  }, {
    noNullPrototype: true,
  }),
  workMs: fc.integer({ min: 0, max: 60 }),
  farewell: fc.boolean(),
  seed: fc.nat(),
}, { noNullPrototype: true });

/** A running sum of each key's items; some turns take time, some fail at first. */
function sums(
  clock: VirtualClock,
  { source, failed, contract, workMs, farewell }:
    & { source: NumbersSource; failed: Set<number> }
    & Pick<Plan, "contract" | "workMs" | "farewell">,
): Blueprint {
  return defineBlueprint({
    name: "sums",
    material: z.object({ key: z.string(), value: z.number() }),
    key: ({ key }) => key,
    products: { sum: z.object({ key: z.string(), value: z.number(), sum: z.number() }) },
    workshop: keyed({
      contract,
      turn: { concurrency: 3, retries: { attempts: 2, minMs: 20 } },
      hire: () => ({ sum: 0 }),
      work(worker, { key, value }, ship) {
        const add = () => {
          worker.state.sum += value;
          ship("sum", { key, value, sum: worker.state.sum });
          if (value % 10 === 9 && !failed.has(value)) {
            failed.add(value);
            throw new Error("odd");
          }
        };
        return workMs > 0 && value % 3 ? sleep(clock, workMs * (value % 4)).then(add) : add();
      },
      dismiss: farewell ? () => sleep(clock, 30) : undefined,
    }),
    source,
    sinks: sqlite(),
  });
}

describe("a factory that crashes again and again", () => {
  it("ends with the products of an undisturbed run: each item once, in order, on the right state", async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ total, lives, seed, ...rest }) => {
        const data = mkdtempSync(join(tmpdir(), "shopfloor-"));
        const failed = new Set<number>();
        try {
          const open = async ({ workshops, cuts, ratePerSecond }: Omit<Life, "ms">, life: number) => {
            const clock = new VirtualClock({ seed: seed + life });
            const blueprint = sums(clock, { source: new NumbersSource(total, cuts), failed, ...rest });
            const options = { clock, data, workshops, ratePerSecond, epochMs: 50, batchBytes: 1_024 };
            return { clock, factory: await inline(blueprint, options) };
          };
          for (const [number, life] of lives.entries()) {
            const { clock, factory } = await open(life, number);
            await clock.advance(life.ms);
            await clock.until(factory.close());
          }
          const undisturbed = { workshops: 2, cuts: [{ size: 100, marked: true }], ratePerSecond: 1e6 };
          const { clock, factory } = await open(undisturbed, lives.length);
          await clock.until(factory.finished);
          await clock.until(factory.drain());
          assert.deepEqual(found(data), expected(total));
        } finally {
          rmSync(data, { recursive: true, force: true });
        }
      }),
      { numRuns: 1000 },
    );
  });
});

type Sums = Record<string, { value: number; sum: number }[]>;

function found(data: string): Sums {
  const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
  const sums: Sums = {};
  for (const row of database.prepare("SELECT key, value, sum FROM product_sum ORDER BY rowid").all()) {
    const { key, value, sum } = row as { key: string; value: number; sum: number };
    (sums[key] ??= []).push({ value, sum });
  }
  database.close();
  return sums;
}

/** As {@link NumbersSource} makes them: five keys in turn. */
function expected(total: number): Sums {
  const sums: Sums = {};
  for (let value = 0; value < total; value++) {
    const list = sums[`key-${value % 5}`] ??= [];
    list.push({ value, sum: (list.at(-1)?.sum ?? 0) + value });
  }
  return sums;
}
