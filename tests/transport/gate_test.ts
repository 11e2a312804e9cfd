import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { BarrierMessage } from "../../src/line/mod.ts";
import { Gate } from "../../src/transport/gate.ts";

function barrier(epoch: number): BarrierMessage {
  return { kind: "barrier", epoch, offsets: { source: epoch }, settle: false, halt: false, finished: epoch };
}

describe("Gate", () => {
  it("calls an epoch complete when its barrier has come from every workshop, in whatever order", () => {
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 3 })), { maxLength: 40 }),
      (workshops, arrivals) => {
        const gate = new Gate(workshops);
        const seen = [1, 2, 3].map(() => new Set<number>());
        const since = [-1, -1, -1];
        for (const [now, [choice, epoch]] of arrivals.entries()) {
          const workshop = choice % workshops;
          gate.arrive(workshop, barrier(epoch), now);
          seen[epoch - 1].add(workshop);
          if (since[epoch - 1] < 0) since[epoch - 1] = now;
          for (const each of [1, 2, 3]) {
            const complete = gate.complete(each);
            assert.equal(complete !== undefined, seen[each - 1].size === workshops);
            if (complete) {
              assert.deepEqual(complete.barrier, barrier(each));
              assert.equal(complete.since, since[each - 1]);
            }
          }
        }
      },
    ));
  });

  it("forgets an epoch that is committed", () => {
    const gate = new Gate(1);
    gate.arrive(0, barrier(1), 0);
    gate.forget(1);
    assert.equal(gate.complete(1), undefined);
  });

  it("waits for a workshop again that is gone", () => {
    const gate = new Gate(2);
    gate.arrive(0, barrier(1), 0);
    gate.arrive(1, barrier(1), 1);
    gate.drop(1);
    assert.equal(gate.complete(1), undefined);
    gate.arrive(1, barrier(1), 2);
    assert.deepEqual(gate.complete(1)?.barrier, barrier(1));
  });

  it("takes an epoch's barrier anew when all workshops are gone: it may be cut elsewhere", () => {
    const gate = new Gate(2);
    gate.arrive(0, barrier(1), 0);
    gate.arrive(1, barrier(2), 0);
    for (const workshop of [0, 1]) gate.drop(workshop);
    const elsewhere = { ...barrier(1), offsets: { source: 77 } };
    for (const workshop of [0, 1]) gate.arrive(workshop, elsewhere, 1);
    assert.deepEqual(gate.complete(1)?.barrier, elsewhere);
  });
});
