import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { type Blueprint, defineBlueprint, keyed } from "../../src/blueprint/mod.ts";
import { sleep } from "../../src/core/mod.ts";
import type { Factory } from "../../src/headquarters/mod.ts";
import { sqlite } from "../../src/sinks/mod.ts";
import { generator } from "../../src/sources/mod.ts";
import { Accidents, inline, VirtualClock } from "../../src/testing/mod.ts";

const ITEMS = 400;
const KEYS = 13;

/** Counts items per key; asynchronous turns take their time. */
function counter({ asynchronous, clock }: { asynchronous: boolean; clock: VirtualClock }): Blueprint {
  return defineBlueprint({
    name: "counter",
    material: z.object({ key: z.string(), number: z.int() }),
    key: ({ key }) => key,
    products: {
      count: z.object({ number: z.int(), count: z.int() }),
      farewell: z.object({ count: z.int() }),
    },
    workshop: keyed({
      contract: { idleMs: 1_500 },
      turn: { concurrency: 5 },
      hire: () => ({ count: 0 }),
      work: asynchronous
        ? async (worker, { number }, ship) => {
          await sleep(clock, number % 50);
          ship("count", { number, count: ++worker.state.count });
        }
        : (worker, { number }, ship) => ship("count", { number, count: ++worker.state.count }),
      dismiss: (worker, ship) => ship("farewell", { count: worker.state.count }),
    }),
    source: generator(
      async function* (context) {
        for (let number = Number(context.offset ?? 0); number < ITEMS; number++) {
          at.set(context.signal, number + 1);
          yield { key: `key ${number % KEYS}`, number };
          if (number % 10 === 0) await sleep(clock, 20, context.signal).catch(() => {});
        }
      },
      { offset: () => [...at.values()].at(-1)! },
    ),
    sinks: sqlite(),
  });
}

/** How far each reading of the source has come: the latest counts. */
const at = new Map<AbortSignal, number>();

const DEPARTMENTS = ["workshop 0", "workshop 1", "workshop 2", "procurement", "transport", "operations"];

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 400 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("kill", "silence"), who: fc.constantFrom(...DEPARTMENTS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("scale" as const), workshops: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "checkpoint" as const }) },
);

/** Every key's products are those of an undisturbed run, in order. */
function check(data: string): void {
  const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
  try {
    for (let key = 0; key < KEYS; key++) {
      const rows = database.prepare("SELECT number, count FROM product_count WHERE _key = ? ORDER BY rowid")
        .all(`key ${key}`);
      const expected = Array.from(
        { length: Math.ceil((ITEMS - key) / KEYS) },
        (_, nth) => ({ number: key + nth * KEYS, count: nth + 1 }),
      );
      assert.deepEqual(rows.map((row) => ({ ...row })), expected, `key ${key}`);
    }
  } finally {
    database.close();
  }
}

describe("a factory whose departments die, and that is scaled meanwhile", () => {
  for (const asynchronous of [false, true]) {
    it(`loses nothing and counts nothing twice, ${asynchronous ? "asynchronous" : "synchronous"} turns`, () =>
      fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.nat({ max: 1_000 }), async (steps, seed) => {
          const data = mkdtempSync(join(tmpdir(), "shopfloor-recovery-"));
          const clock = new VirtualClock({ seed });
          const accidents = new Accidents();
          at.clear();
          const options = { clock, seed, accidents, data, workshops: 2, epochMs: 100, heartbeatMs: 500 };
          const factory = await inline(counter({ asynchronous, clock }), options);
          try {
            let killed = 0;
            for (const next of steps) {
              if (next.do === "wait") await clock.advance(next.ms);
              else if (next.do === "checkpoint") void factory.checkpoint().catch(() => {});
              else if (next.do === "scale") void factory.scale(next.workshops).catch(() => {});
              else if (killed++ < 4) accidents[next.do as "kill" | "silence"](next.who);
            }
            await clock.until(factory.finished);
            await clock.until(factory.drain());
          } finally {
            await clock.until(factory.close()).catch(() => {});
          }
          check(data);
          rmSync(data, { recursive: true });
        }),
        { numRuns: 60 },
      ));
  }
});

export type { Factory };
