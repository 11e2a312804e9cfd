import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Factory } from "../../src/headquarters/mod.ts";
import { generator } from "../../src/sources/mod.ts";
import { inline, randomFrom, VirtualClock } from "../../src/testing/mod.ts";
import { accounts, Books, type Entry, plainly } from "./accounts.ts";

const entry: fc.Arbitrary<Entry> = fc.record({
  account: fc.oneof(fc.constantFrom("ann", "bob", "日本", "é"), fc.string({ minLength: 1, maxLength: 4 })),
  amount: fc.integer({ min: -100, max: 100 }),
}, { noNullPrototype: true });

/** What happens while a factory runs. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("push" as const), entries: fc.array(entry, { maxLength: 200 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("advance" as const), ms: fc.integer({ min: 0, max: 700 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("pause" as const), ms: fc.integer({ min: 0, max: 3_000 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "checkpoint" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("pace" as const),
      ratePerSecond: fc.constantFrom(null, 200, 5_000),
    }),
  },
);

interface Plan {
  readonly steps: (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[];
  readonly bought: Entry[];
  readonly writeMs: number;
  readonly workMs: number;
  readonly asynchronousEvery: number;
  readonly failsEvery: number;
  readonly lineBatches: number;
  readonly lingerMs: number;
  readonly seed: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  steps: fc.array(step, { maxLength: 25 }),
  bought: fc.array(entry, { maxLength: 300 }),
  writeMs: fc.integer({ min: 0, max: 400 }),
  workMs: fc.integer({ min: 1, max: 50 }),
  asynchronousEvery: fc.integer({ min: 1, max: 5 }),
  failsEvery: fc.integer({ min: 2, max: 40 }),
  lineBatches: fc.constantFrom(2, 8),
  lingerMs: fc.constantFrom(0, 5, 50),
  seed: fc.nat(),
}, { noNullPrototype: true });

/** Carries a plan out to its end, and checks that the books are those of a plain loop. */
async function carryOut({ steps, bought, writeMs, seed, ...rest }: Plan, workshops: number): Promise<void> {
  const clock = new VirtualClock({ seed });
  const books = new Books(clock, () => writeMs);
  const own = bought.map((each, i) => ({ ...each, account: `bought ${each.account}`, note: `bought ${i}` }));
  const random = randomFrom(seed);
  const attempted = new Set<unknown>();
  const blueprint = accounts({
    clock,
    sink: books.sink,
    source: generator(async function* () {
      for (const each of own) yield await Promise.resolve(each);
    }),
    turn: { concurrency: 7, retries: { attempts: 2, minMs: 5 } },
    workMs: () => Math.floor(random() * rest.asynchronousEvery) ? 0 : Math.ceil(random() * rest.workMs),
    fails({ amount, note }) {
      // Every so often a first attempt fails, and the second doesn't.
      if (amount % rest.failsEvery !== 1 || attempted.has(note)) return false;
      attempted.add(note);
      return true;
    },
  });
  const { lineBatches, lingerMs } = rest;
  const factory = await inline(blueprint, {
    clock,
    seed,
    workshops,
    lineBatches,
    lingerMs,
    batchBytes: 1_024,
  });
  const pushed = await follow(steps, { clock, factory });
  await clock.until(factory.finished);
  const summary = await clock.until(factory.drain());

  const all = [...own, ...pushed];
  const expected = plainly(all);
  assert.deepEqual(books.balances, expected.balances);
  assert.deepEqual(books.overdrawn, expected.overdrawn);
  assert.equal(summary.materials, all.length);
  assert.equal(summary.products.balance, all.length);
  assert.equal(summary.hired, expected.balances.size);
}

/** Goes through the steps; returns what was pushed, in order. */
async function follow(
  steps: Plan["steps"],
  { clock, factory }: { clock: VirtualClock; factory: Factory },
): Promise<Entry[]> {
  const pushed: Entry[] = [];
  for (const next of steps) {
    if (next.do === "advance") await clock.advance(next.ms);
    else if (next.do === "checkpoint") await clock.until(factory.checkpoint());
    else if (next.do === "pace") await clock.until(factory.setRate(next.ratePerSecond));
    else if (next.do === "pause") {
      await clock.until(factory.pause());
      await clock.advance(next.ms);
      await clock.until(factory.resume());
    } else {
      const given = next.entries.map((each, i) => ({ ...each, note: `pushed ${pushed.length + i}` }));
      pushed.push(...given);
      await clock.until(factory.push(given)); // only pushes that wait for one another keep their order
    }
  }
  return pushed;
}

describe("a whole factory, inline", () => {
  for (const workshops of [1, 3]) {
    it(`with ${workshops} workshop(s) makes of each key what a plain loop makes, whatever happens`, async () => {
      await fc.assert(fc.asyncProperty(plan, (given) => carryOut(given, workshops)), { numRuns: 60 });
    });
  }
});

/** The same entries every time. */
function* entries(count: number, { keys = 100 } = {}): Generator<Entry> {
  for (let amount = 0; amount < count; amount++) yield { account: `account-${amount % keys}`, amount };
}

describe("an item in a thousand that always fails", () => {
  for (const workshops of [1, 3]) {
    it(`costs no other item anything, with ${workshops} workshop(s)`, async () => {
      const clock = new VirtualClock({ seed: workshops });
      const books = new Books(clock);
      const odd = ({ amount }: Entry) => amount % 1_000 === 7;
      const blueprint = accounts({
        clock,
        sink: books.sink,
        source: generator(() => entries(20_000)),
        turn: { retries: { attempts: 3, minMs: 50 } },
        fails: odd,
      });
      const factory = await inline(blueprint, { clock, workshops });
      const summary = await clock.until(factory.finished);
      assert.deepEqual(books.balances, plainly([...entries(20_000)].filter((each) => !odd(each))).balances);
      assert.equal(summary.deadLettered, 20);
      assert.equal(summary.deadLetters.length, 10);
      assert.match(summary.deadLetters[0].error, /no entry \d*007|no entry 7/);
      assert.equal(summary.materials, 20_000);
      assert.equal((await clock.until(factory.status())).totals.retries, 40);
      await clock.until(factory.close());
    });
  }
});
