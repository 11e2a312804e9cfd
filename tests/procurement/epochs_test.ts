import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { accept, items, openBuyer } from "./lines.ts";

/** That a line may hold, but for the one that a barrier pushes ahead of itself. */
const BATCHES = 2;

const step = fc.oneof(
  fc.record({ do: fc.constant("push" as const), count: fc.integer({ min: 0, max: 300 }) }),
  fc.record({ do: fc.constant("advance" as const), ms: fc.integer({ min: 0, max: 60 }) }),
  fc.record({ do: fc.constant("release" as const), workshop: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ do: fc.constant("end" as const), settle: fc.boolean() }),
  fc.constant({ do: "pause" as const }),
  fc.constant({ do: "resume" as const }),
);

describe("epochs", () => {
  it("have a barrier on every line, behind every row of theirs and before every row of the next", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(step, { maxLength: 40 }),
        fc.nat(),
        async (workshops, steps, seed) => {
          const clock = new VirtualClock({ seed });
          const { buyer, lines } = await openBuyer(clock, {
            workshops,
            batches: BATCHES,
            epochMs: 100,
            lingerMs: 7,
          });
          lines.open = false;
          const pushes: Promise<{ from: number; count: number; epoch: number }>[] = [];
          const ends: Promise<number>[] = [];
          let from = 0;
          for (const next of steps) {
            if (next.do === "push") {
              const { count } = next;
              const start = from;
              from += count;
              const buying = buyer.buy({ items: items(count, { from: start, keys: 11 }), reject: accept });
              pushes.push(buying.then((epoch) => ({ from: start, count, epoch })));
            } else if (next.do === "advance") await clock.advance(next.ms);
            else if (next.do === "release") next.workshop < workshops && lines.release(next.workshop);
            else if (next.do === "end") ends.push(buyer.endEpoch({ settle: next.settle }));
            else buyer[next.do]();
            assert.ok(lines.held <= BATCHES + 1, `${lines.held} batches on a line`);
          }
          buyer.resume();
          lines.releaseAll();
          const bought = await clock.until(Promise.all(pushes));
          await clock.until(Promise.all(ends));
          const last = await clock.until(buyer.endEpoch({ settle: true }));
          await clock.advance(0);

          for (const arrivals of lines.arrivals) {
            let epoch = 1;
            for (const arrival of arrivals) {
              assert.equal(arrival.epoch, epoch);
              if (arrival.kind === "barrier") epoch++;
            }
            assert.equal(epoch, last + 1);
          }
          const rows = lines.rows;
          assert.equal(rows.length, from);
          for (const push of bought) {
            const own = rows.filter(({ item }) =>
              item.value >= push.from && item.value < push.from + push.count
            );
            assert.equal(own.length, push.count);
            if (push.count > 0) assert.equal(push.epoch, Math.max(...own.map(({ epoch }) => epoch)));
            for (const key of new Set(own.map((row) => row.key))) {
              const values = own.filter((row) => row.key === key).map(({ item }) => item.value);
              assert.deepEqual(values, values.toSorted((a, b) => a - b));
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("end on time while a line takes nothing", async () => {
    const clock = new VirtualClock();
    const { buyer, lines } = await openBuyer(clock, { workshops: 2, batches: BATCHES, epochMs: 100 });
    lines.stall(0);
    const bought = buyer.buy({ items: items(5_000), reject: accept });
    await clock.advance(250);
    const barriers = lines.arrivals.map((arrivals) =>
      arrivals.flatMap(({ kind, epoch }) => kind === "barrier" ? [epoch] : [])
    );
    assert.deepEqual(barriers, [[1], [1]], "and no second one: nothing more was bought");
    assert.equal(lines.held, BATCHES + 1);
    lines.releaseAll();
    await clock.until(bought);
    await clock.advance(50); // the last, partial batches linger
    assert.equal(lines.rows.length, 5_000);
  });

  it("end when there is something to commit though nothing was bought", async () => {
    const clock = new VirtualClock();
    const { buyer, lines } = await openBuyer(clock, { workshops: 2, epochMs: 100 });
    await clock.advance(500);
    assert.deepEqual(lines.arrivals, [[], []]);
    lines.stir(1, 0);
    await clock.advance(500);
    lines.stir(0, 0); // before the barrier reached it
    await clock.advance(500);
    assert.deepEqual(lines.arrivals.map((arrivals) => arrivals.length), [1, 1]);
    assert.equal(buyer.epoch, 2);
  });
});
