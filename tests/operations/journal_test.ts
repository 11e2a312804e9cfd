import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JOURNAL_REPEAT_MS } from "../../src/core/limits.ts";
import { type Alarm, type Inspection, Journal } from "../../src/operations/mod.ts";
import { product } from "./figures.ts";

const alarm: Alarm = { kind: "latency", subject: "factory", since: 1_000, message: "slow" };

function inspection(changes: Partial<Inspection> = {}): Inspection {
  return {
    at: 10_000,
    workshops: [{ id: 0, restarts: 0 }, { id: 1, restarts: 0 }],
    procurement: { source: "ndjson", state: "buying", ratePerSecond: null },
    warehouse: { products: [product("average")] },
    epoch: { current: 2, committed: 1 },
    totals: { deadLetters: 0, rejected: 0 },
    alarms: [],
    ...changes,
  } as Inspection;
}

/** `event: message` of what happened between some inspections, the last alone. */
function happened(...inspections: Inspection[]): string[] {
  const journal = new Journal();
  return inspections.map((each) => journal.read(each)).at(-1)!.map(({ event, message }) =>
    `${event}: ${message}`
  );
}

describe("Journal", () => {
  it("has nothing to tell when nothing has changed", () => {
    assert.deepEqual(happened(inspection(), inspection()), []);
  });

  it("tells of alarms when they are raised and cleared, once", () => {
    const raised = inspection({ alarms: [alarm] });
    assert.deepEqual(happened(raised), ["alarm-raised: slow"]);
    assert.deepEqual(happened(inspection(), raised), ["alarm-raised: slow"]);
    assert.deepEqual(happened(raised, inspection({ alarms: [{ ...alarm, message: "slower" }] })), []);
    assert.deepEqual(happened(raised, inspection()), ["alarm-cleared: over: slow"]);
  });

  it("tells of restarts and of scaling", () => {
    const workshops = (...restarts: number[]) =>
      inspection({ workshops: restarts.map((restarts, id) => ({ id, restarts })) } as Partial<Inspection>);
    assert.deepEqual(happened(workshops(0, 0), workshops(0, 1)), [
      "restarted: another is in the place of workshop 1",
    ]);
    assert.deepEqual(happened(workshops(0, 0), workshops(0, 0, 0)), [
      "scaled: the factory has 3 workshops instead of 2",
    ]);
  });

  it("tells of procurement's state and pace", () => {
    const now = inspection({
      procurement: { ...inspection().procurement, state: "paused", ratePerSecond: 50 },
    });
    assert.deepEqual(happened(inspection(), now), [
      "procurement: procurement is paused, it was buying",
      "pace: the pace is 50 items/s",
    ]);
  });

  it("tells of sinks, with what they say", () => {
    const products = [product("average", { sink: "s", sinkState: "retrying", sinkError: "no disk" })];
    const now = inspection({ warehouse: { ...inspection().warehouse, products } });
    assert.deepEqual(happened(inspection(), now), [
      "sink: sink s of average is retrying, it was ok: no disk",
    ]);
  });

  it("tells of commits, several at once where they are many", () => {
    const committed = (committed: number) => inspection({ epoch: { current: 20, committed } });
    assert.deepEqual(happened(committed(1), committed(2)), ["committed: epoch 2 is committed"]);
    assert.deepEqual(happened(committed(1), committed(9)), ["committed: epochs 2 to 9 are committed"]);
  });

  it("tells at once of items given up or rejected, and then once a minute", () => {
    const journal = new Journal();
    const counts = Array.from({ length: 121 }, (_, second) => {
      const totals = { deadLetters: 5 * second, rejected: 0 } as Inspection["totals"];
      return journal.read(inspection({ at: second * 1_000, totals })).map(({ fields }) => fields?.items);
    });
    assert.equal(JOURNAL_REPEAT_MS, 60_000);
    assert.deepEqual(counts.flat(), [5, 300]);
  });
});
