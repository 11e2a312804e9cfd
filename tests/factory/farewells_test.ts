import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { type Blueprint, type Contract, defineBlueprint, keyed } from "../../src/blueprint/mod.ts";
import { sleep } from "../../src/core/mod.ts";
import type { Factory } from "../../src/headquarters/mod.ts";
import { callback } from "../../src/sinks/mod.ts";
import { inline, VirtualClock } from "../../src/testing/mod.ts";

/** Counts a user's visits; good-byes take their time. */
function counter(
  clock: VirtualClock,
  { told, contract, farewellMs }: { told: string[]; contract?: Contract; farewellMs: number },
): Blueprint {
  return defineBlueprint({
    name: "counter",
    material: z.object({ user: z.string() }),
    key: ({ user }) => user,
    products: {
      visit: z.object({ user: z.string(), visits: z.int() }),
      farewell: z.object({ visits: z.int() }),
    },
    workshop: keyed({
      contract,
      turn: { timeoutMs: 10_000 },
      hire: () => ({ visits: 0 }),
      work: (worker, { user }, ship) => ship("visit", { user, visits: ++worker.state.visits }),
      async dismiss(worker, ship) {
        await sleep(clock, farewellMs);
        ship("farewell", worker.state);
      },
    }),
    sinks: callback((type, products) => {
      for (const product of products as { user?: string; visits: number }[]) {
        told.push([type, product.user ?? "", product.visits].join(" ").replace("  ", " "));
      }
    }),
  });
}

const ann = [{ user: "ann" }];

/** Opens a factory in a directory, lets `act` work with it, and closes it unless `act` has. */
async function during(
  data: string,
  options: { told: string[]; contract?: Contract; farewellMs?: number; workshops?: number },
  act: (factory: Factory, clock: VirtualClock) => Promise<unknown>,
): Promise<void> {
  const clock = new VirtualClock();
  const { farewellMs = 3_000, workshops = 1, ...rest } = options;
  const factory = await inline(counter(clock, { ...rest, farewellMs }), { clock, data, workshops });
  await act(factory, clock);
  await clock.until(factory.close());
}

describe("a worker that is dismissed while it has a good-bye to say", () => {
  it("leaves its state to a hire of its key that comes meanwhile, committed or not", () =>
    inDirectory(async (data) => {
      const told: string[] = [];
      await during(data, { told }, async (factory, clock) => {
        await clock.until(factory.push(ann, { committed: true }));
        await clock.until(factory.push([...ann, ...ann]));
        await clock.advance(10);
        await clock.until(factory.dismiss("ann"));
        await clock.until(factory.push(ann));
        await clock.until(factory.drain());
      });
      assert.deepEqual(told, ["visit ann 1", "visit ann 2", "visit ann 3", "visit ann 4", "farewell 3"]);
    }));

  it("has its state stored at a barrier that passes meanwhile", () =>
    inDirectory(async (data) => {
      const told: string[] = [];
      await during(data, { told }, async (factory, clock) => {
        await clock.until(factory.push([...ann, ...ann, ...ann]));
        await clock.advance(10);
        await clock.until(factory.dismiss("ann"));
        await clock.until(factory.checkpoint());
        // and here it crashes
      });
      await during(data, { told }, async (factory, clock) => {
        await clock.until(factory.push(ann));
        await clock.until(factory.drain());
      });
      assert.deepEqual(told, ["visit ann 1", "visit ann 2", "visit ann 3", "visit ann 4"]);
    }));

  it("never overwrites what another has made of the state since, however late it ends", () =>
    inDirectory(async (data) => {
      const told: string[] = [];
      for (const farewellMs of [3_000, 60_000]) { // the second is overdue
        await during(data, { told, farewellMs }, async (factory, clock) => {
          await clock.until(factory.push(ann, { committed: true }));
          await clock.until(factory.dismiss("ann"));
          await clock.until(factory.push([...ann, ...ann]));
          await clock.advance(30_000);
          await clock.until(factory.drain());
        });
      }
      await during(data, { told }, async (factory, clock) => {
        await clock.until(factory.push(ann));
        await clock.until(factory.drain());
      });
      const visits = told.filter((line) => line.startsWith("visit"));
      assert.deepEqual(visits, [1, 2, 3, 4, 5, 6, 7].map((count) => `visit ann ${count}`));
      assert.deepEqual(told.filter((line) => line.startsWith("farewell")), ["farewell 1"]);
    }));

  it("leaves nothing to anybody when the contract says so", () =>
    inDirectory(async (data) => {
      const told: string[] = [];
      const contract = { keepState: false };
      await during(data, { told, contract }, async (factory, clock) => {
        await clock.until(factory.push([...ann, ...ann], { committed: true }));
        await clock.until(factory.dismiss("ann"));
        await clock.until(factory.checkpoint());
        await clock.until(factory.push(ann));
        await clock.advance(20_000);
        await clock.until(factory.drain());
      });
      await during(data, { told, contract }, async (factory, clock) => {
        await clock.until(factory.push(ann));
        await clock.advance(10);
        await clock.until(factory.dismiss("ann"));
        await clock.advance(20_000);
        await clock.until(factory.push(ann));
        await clock.until(factory.drain());
      });
      assert.deepEqual(told, [
        "visit ann 1",
        "visit ann 2",
        "visit ann 1",
        "farewell 2",
        "visit ann 2",
        "farewell 2",
        "visit ann 1",
      ]);
    }));

  it("leaves nothing to anybody either when it is overdue", () =>
    inDirectory(async (data) => {
      const told: string[] = [];
      const contract = { keepState: false };
      await during(data, { told, contract, farewellMs: 60_000 }, async (factory, clock) => {
        await clock.until(factory.push([...ann, ...ann], { committed: true }));
        await clock.until(factory.dismiss("ann"));
        await clock.advance(30_000);
        await clock.until(factory.drain());
      });
      await during(data, { told, contract }, async (factory, clock) => {
        await clock.until(factory.push(ann));
        await clock.until(factory.drain());
      });
      assert.deepEqual(told, ["visit ann 1", "visit ann 2", "visit ann 1"]);
    }));

  it("loses no visit and counts none twice, whatever comes when, over crashes too", async () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant("push" as const),
          user: fc.constantFrom("ann", "bob", "cid"),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant("dismiss" as const),
          user: fc.constantFrom("ann", "bob", "cid"),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant("advance" as const), ms: fc.integer({ min: 0, max: 2_000 }) }),
      },
      { weight: 1, arbitrary: fc.constant({ do: "crash" as const }) },
    );
    const contract = fc.record({
      idleMs: fc.integer({ min: 20, max: 3_000 }),
      maxWorkers: fc.integer({ min: 1, max: 3 }),
    }, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        contract,
        fc.nat({ max: 4_000 }),
        async (steps, given, farewellMs) => {
          await inDirectory(async (data) => {
            const told: string[] = [];
            const expected: Record<string, number> = {};
            const lives = [...steps, { do: "crash" as const }];
            while (lives.length > 0) {
              const life = lives.splice(0, lives.findIndex((next) => next.do === "crash") + 1);
              await during(
                data,
                { told, contract: given, farewellMs, workshops: 2 },
                async (factory, clock) => {
                  for (const next of life) {
                    if (next.do === "advance") await clock.advance(next.ms);
                    else if (next.do === "dismiss") await clock.until(factory.dismiss(next.user));
                    else if (next.do === "push") {
                      await clock.until(factory.push([{ user: next.user }]));
                      expected[next.user] = (expected[next.user] ?? 0) + 1;
                    } else await clock.until(factory.checkpoint());
                  }
                },
              );
            }
            for (const user of ["ann", "bob", "cid"]) {
              const visits = told.filter((line) => line.startsWith(`visit ${user}`));
              const counts = Array.from({ length: expected[user] ?? 0 }, (_, i) => `visit ${user} ${i + 1}`);
              assert.deepEqual(visits, counts);
            }
          });
        },
      ),
      { numRuns: 25 },
    );
  });
});

async function inDirectory(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "shopfloor-"));
  try {
    await run(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
