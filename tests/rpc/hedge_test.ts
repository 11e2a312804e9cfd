import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sleep } from "../../src/core/mod.ts";
import { Deadlines } from "../../src/rpc/deadlines.ts";
import { hedged } from "../../src/rpc/hedge.ts";
import type { Failed, Outcome } from "../../src/rpc/outcome.ts";
import { Ending, Scope } from "../../src/rpc/scope.ts";
import { VirtualClock } from "../../src/testing/mod.ts";

const failure: Failed = {
  kind: "failed",
  code: "unavailable",
  message: "",
  fields: {},
  sent: true,
  healthy: false,
  backPressure: false,
  retryable: true,
};

describe("a hedged attempt", () => {
  it("takes as long as the faster of the two, and fails only when nothing is under way", async () => {
    const attempt = fc.record({ ms: fc.integer({ min: 1, max: 300 }), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(attempt, attempt, fc.boolean(), async (first, second, mayHedge) => {
        const clock = new VirtualClock();
        const plan = [first, second];
        const given: unknown[] = [];
        let launched = 0;
        const run = async (ending: Ending, started: () => void): Promise<Outcome> => {
          const index = launched++;
          started();
          ending.onEnd((reason) => given.push(reason));
          await sleep(clock, plan[index].ms);
          return plan[index].fails ? failure : { kind: "answered", value: index };
        };
        const options = { clock, ending: new Ending(), afterMs: 100, mayHedge: () => mayHedge };
        const outcome = await clock.until(hedged(run, options));
        const hedges = mayHedge && first.ms >= 100; // its time is over first: it began first
        assert.equal(launched, hedges ? 2 : 1);
        const ends = [{ ...first, at: first.ms }, ...hedges ? [{ ...second, at: 100 + second.ms }] : []];
        const answers = ends.filter(({ fails }) => !fails).map(({ at }) => at);
        assert.equal(outcome.kind, answers.length > 0 ? "answered" : "failed");
        const expected = answers.length > 0 ? Math.min(...answers) : Math.max(...ends.map(({ at }) => at));
        assert.equal(clock.monotonic(), expected);
        await clock.advance(1_000);
      }),
    );
  });

  it("ends both attempts when its caller gives up", async () => {
    const clock = new VirtualClock();
    const ending = new Ending();
    let ends = 0;
    const run = (branch: Ending, started: () => void): Promise<Outcome> => {
      started();
      return new Promise((resolve) =>
        branch.onEnd((reason) => {
          ends++;
          resolve({ kind: "given up", reason });
        })
      );
    };
    const running = hedged(run, { clock, ending, afterMs: 10, mayHedge: () => true });
    await clock.advance(20);
    ending.end(new Error("enough"));
    assert.equal((await running).kind, "given up");
    assert.equal(ends, 2);
  });
});

describe("a call's scope", () => {
  it("ends at its deadline or at the first signal, once", async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const scope = new Scope(new Deadlines(clock), {
      deadlineMs: 100,
      signals: [controller.signal, undefined],
    });
    const reasons: unknown[] = [];
    scope.onEnd((reason) => reasons.push(reason));
    await clock.advance(99);
    assert.deepEqual([reasons.length, scope.remainingMs], [0, 1]);
    controller.abort("enough");
    await clock.advance(100);
    assert.deepEqual([reasons, scope.late], [["enough"], false]);
    const other = new Scope(new Deadlines(clock), { deadlineMs: 100, signals: [controller.signal] });
    assert.throws(() => other.throwIfEnded(), (reason) => reason === "enough");
    const late = new Scope(new Deadlines(clock), { deadlineMs: 100, signals: [] });
    await clock.advance(100);
    assert.equal(late.late, true);
    const closed = new Scope(new Deadlines(clock), { deadlineMs: 100, signals: [] });
    closed.close();
    await clock.advance(200);
    assert.equal(closed.late, false);
  });
});
