import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BATCH_ROWS, BELT_ITEMS, SOURCE_ITEMS, WAREHOUSE_BYTES } from "../../src/core/limits.ts";
import type { Inspection } from "../../src/operations/mod.ts";
import { generator } from "../../src/sources/mod.ts";
import { inline, VirtualClock } from "../../src/testing/mod.ts";
import { accounts, type AccountsOptions, Books, type Entry, plainly } from "./accounts.ts";

const MINUTES = 10;
const KEYS = 64;
const LINE_BATCHES = 4;

/** Never ends by itself, and never waits for anybody. */
function* endless(): Generator<Entry> {
  for (let amount = 0;; amount++) yield { account: `account-${amount % KEYS}`, amount };
}

/** Runs an unpaced source against something slow for ten simulated minutes, looking every second. */
async function overload(
  { workshops, writeMs, ...options }: Omit<AccountsOptions, "clock" | "sink"> & {
    workshops: number;
    writeMs?: (count: number) => number;
  },
) {
  const clock = new VirtualClock({ seed: 11 });
  const books = new Books(clock, writeMs);
  const source = generator(endless);
  const blueprint = accounts({ ...options, clock, source, sink: books.sink });
  const factory = await inline(blueprint, { clock, workshops, lineBatches: LINE_BATCHES });
  const inspections: Inspection[] = [];
  const looking = (async () => {
    for await (const inspection of factory.inspections()) inspections.push(inspection);
  })();
  await clock.advance(MINUTES * 60_000);
  const { totals } = await clock.until(factory.status());
  await clock.until(factory.close());
  await clock.until(looking);
  return { books, totals, inspections };
}

/** Checks that nothing grew beyond its bound; returns the most items that were anywhere. */
function bounded(inspections: readonly Inspection[], workshops: number): number {
  assert.ok(inspections.length > MINUTES * 60 - 5, `${inspections.length} inspections`);
  let most = 0;
  for (const { lines, workshops: reports, warehouse } of inspections) {
    let items = warehouse.items;
    for (const line of lines) {
      assert.ok(line.batches <= LINE_BATCHES + 1 && line.items <= (LINE_BATCHES + 1) * (BATCH_ROWS + 1));
      items += line.items;
    }
    for (const { belted, inFlight } of reports) {
      assert.ok(belted + inFlight <= BELT_ITEMS + (LINE_BATCHES + 1) * BATCH_ROWS);
      items += belted + inFlight;
    }
    // The share of each workshop, and what was in flight when it was full.
    assert.ok(warehouse.bytes <= WAREHOUSE_BYTES + workshops * 16 * 1024 * 1024, `${warehouse.bytes} bytes`);
    most = Math.max(most, items);
  }
  return most;
}

describe("an unpaced source, for ten minutes", () => {
  for (const workshops of [1, 3]) {
    it(`runs as fast as a slow work, with ${workshops} workshop(s), and what is under way stays bounded`, async () => {
      const concurrency = 4;
      const workMs = 250;
      const { books, totals, inspections } = await overload({
        workshops,
        turn: { concurrency },
        workMs: () => workMs,
      });
      const wanted = MINUTES * 60_000 / workMs * concurrency * workshops;
      // What is ahead of the slowest workshop waits in the warehouse for the commit.
      const made = books.count + inspections.at(-1)!.warehouse.items;
      const least = (workshops === 1 ? 0.99 : 0.9) * wanted;
      assert.ok(made >= least && made <= wanted, `${made} of ${wanted} products`);
      bounded(inspections, workshops);
      const most = workshops * (BELT_ITEMS + 2 * (LINE_BATCHES + 2) * BATCH_ROWS) + 2 * SOURCE_ITEMS;
      assert.ok(totals.materials - made <= most, `${totals.materials - made} items under way`);
      assert.equal(inspections.at(-1)!.lines.some(({ backPressure }) => backPressure === "high"), true);
      const taken = Math.min(...[...books.balances.values()].map((list) => list.length));
      const expected = plainly(take(taken * KEYS)).balances;
      for (const [account, list] of books.balances) {
        assert.deepEqual(list.slice(0, taken), expected.get(account));
      }
    });
  }

  it("runs as fast as a slow sink, and what is under way stays bounded", async () => {
    const productMs = 20;
    const { books, totals, inspections } = await overload({
      workshops: 2,
      padding: "x".repeat(2_000),
      writeMs: (count) => count * productMs,
    });
    const wanted = MINUTES * 60_000 / productMs;
    assert.ok(books.count >= 0.9 * wanted && books.count <= wanted, `${books.count} of ${wanted} products`);
    const most = bounded(inspections, 2);
    assert.ok(totals.materials - books.count <= most + 10 * BATCH_ROWS);
    assert.ok(inspections.at(-1)!.warehouse.bytes > WAREHOUSE_BYTES / 2);
  });
});

function* take(count: number): Generator<Entry> {
  for (const each of endless()) {
    if (each.amount === count) return;
    yield each;
  }
}
