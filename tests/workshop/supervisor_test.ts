import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DEAD_LETTER } from "../../src/batch/mod.ts";
import { DeadlineError } from "../../src/core/mod.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { dismissJob, materialJob, timerJob } from "../../src/workshop/job.ts";
import { fromText } from "../../src/workshop/plain_text.ts";
import { Supervisor, type WatchedTurn } from "../../src/workshop/supervisor.ts";
import type { TurnOptions } from "../../src/blueprint/mod.ts";

function supervise(turn: TurnOptions = {}, random: () => number = () => 0) {
  const clock = new VirtualClock();
  return { clock, supervisor: new Supervisor({ turn, clock, random }) };
}

describe("Supervisor.judge()", () => {
  it("waits minMs · factor^(n − 1), at most maxMs, less a random share up to jitter, and gives up after attempts", () => {
    fc.assert(fc.property(
      fc.record({
        attempts: fc.integer({ min: 1, max: 12 }),
        minMs: fc.integer({ min: 1, max: 1_000 }),
        maxMs: fc.integer({ min: 1, max: 60_000 }),
        factor: fc.integer({ min: 1, max: 5 }),
        jitter: fc.constantFrom(0, 0.2, 1),
      }, { noNullPrototype: true }),
      fc.constantFrom(0, 0.25, 0.999),
      (retries, chance) => {
        const { supervisor } = supervise({ retries }, () => chance);
        const job = materialJob({ a: 1 }, 0, 10);
        const { attempts, minMs, maxMs, factor, jitter } = retries;
        for (let n = 1; n < attempts; n++) {
          const delayMs = Math.min(maxMs, minMs * factor ** (n - 1)) * (1 - jitter * chance);
          assert.deepEqual(supervisor.judge(job, new Error("odd")), { kind: "retry", delayMs });
        }
        assert.equal(supervisor.retries, attempts - 1);
        const last = supervisor.judge(job, new Error("odd"));
        assert.equal(last.kind === "dead" && last.letter.attempts, attempts);
      },
    ));
  });

  it("has the documented defaults", () => {
    const { supervisor } = supervise({}, () => 1);
    const job = materialJob(null, 0, 0);
    const delays = [1, 2].map(() => {
      const verdict = supervisor.judge(job, new Error("odd"));
      return verdict.kind === "retry" && Math.round(verdict.delayMs);
    });
    assert.deepEqual(delays, [80, 160]); // 100 and 200, less a fifth
    assert.equal(supervisor.judge(job, new Error("odd")).kind, "dead");
  });

  it("writes into the dead letter what is known: reason, error, stack, attempts, the item, the time", () => {
    const { clock, supervisor } = supervise({ retries: { attempts: 1 } });
    const error = new RangeError("line one\n  line two");
    const verdict = supervisor.judge(materialJob({ device: "a", celsius: 9 }, 0, 0), error);
    assert.deepEqual(verdict, {
      kind: "dead",
      letter: {
        reason: "error",
        error: "line one line two",
        stack: error.stack,
        attempts: 1,
        material: '{"device":"a","celsius":9}',
        at: clock.now(),
      },
    });
    const overdue = supervisor.judge(materialJob(1, 0, 0), new DeadlineError("too slow"));
    assert.equal(overdue.kind === "dead" && overdue.letter.reason, "timeout");
    const timer = supervisor.judge(timerJob("tick", 0), new Error("odd"));
    assert.deepEqual(timer.kind === "dead" && [timer.letter.reason, timer.letter.material], [
      "timer",
      "null",
    ]);
    assert.deepEqual(supervisor.deadLetters, { error: 1, timeout: 1, timer: 1 });
  });

  it("keeps the letter small enough to be one, however large the item is as JSON", () => {
    const { supervisor } = supervise({ retries: { attempts: 1 } });
    const writer = DEAD_LETTER.writer();
    for (
      const [unit, count, kept] of [["\u0001", 15e6, false], ["日", 5e6, true], ["a", 15e6, true]] as const
    ) {
      const material = unit.repeat(count);
      const verdict = supervisor.judge(materialJob(material, 0, 0), new Error("x".repeat(1e6)));
      assert.ok(verdict.kind === "dead");
      writer.append(verdict.letter, "k".repeat(1_024), 0);
      assert.equal(verdict.letter.material === JSON.stringify(material), kept);
      JSON.parse(verdict.letter.material);
    }
  });

  it("never tries a dismissal again", () => {
    const { supervisor } = supervise({ retries: { attempts: 5 } });
    const verdict = supervisor.judge(dismissJob("idle", 0), new Error("odd"));
    assert.equal(verdict.kind === "dead" && verdict.letter.reason, "dismiss");
  });

  it("makes a letter of whatever was thrown, and whatever the item was", () => {
    const { supervisor } = supervise({ retries: { attempts: 1 } });
    const circle: unknown[] = [];
    circle.push(circle);
    fc.assert(fc.property(
      fc.oneof(fc.jsonValue(), fc.bigInt(), fc.constant(circle)),
      fc.anything({ withNullPrototype: true }),
      fc.anything({ withNullPrototype: true }).map((odd) =>
        Object.assign(new Error(), { message: odd, stack: odd })
      ),
      (material, anything, error) => {
        for (const thrown of [anything, error]) {
          const verdict = supervisor.judge(materialJob(material, 0, 0), thrown);
          assert.ok(verdict.kind === "dead");
          for (const name of ["reason", "error", "stack", "material"] as const) {
            assert.equal(typeof verdict.letter[name], "string");
          }
          assert.deepEqual(fromText(verdict.letter.material), material);
        }
      },
    ));
  });
});

class Watched implements WatchedTurn {
  overdueAt = -1;
  abandoned = false;
  error: DeadlineError | undefined;
  readonly startedAt: number;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.startedAt = clock.monotonic();
  }

  abandon(): void {
    this.abandoned = true;
  }

  overdue(error: DeadlineError): void {
    assert.equal(this.overdueAt, -1, "told twice");
    this.overdueAt = this.#clock.monotonic();
    this.error = error;
  }
}

describe("Supervisor.watch()", () => {
  it("gives up every turn at its deadline and not before, unless it has ended", async () => {
    const turn = fc.record({
      afterMs: fc.integer({ min: 0, max: 80 }),
      takesMs: fc.integer({ min: 1, max: 300 }),
    });
    await fc.assert(fc.asyncProperty(fc.array(turn, { maxLength: 30 }), async (turns) => {
      const { clock, supervisor } = supervise({ timeoutMs: 100 });
      const watched: { turn: Watched; takesMs: number }[] = [];
      for (const { afterMs, takesMs } of turns) {
        await clock.advance(afterMs);
        const next = new Watched(clock);
        watched.push({ turn: next, takesMs });
        supervisor.watch(next);
        clock.after(takesMs, () => supervisor.unwatch(next));
      }
      await clock.advance(1_000);
      for (const { turn, takesMs } of watched) {
        if (takesMs < 100) assert.equal(turn.overdueAt, -1);
        else if (takesMs > 100) assert.equal(turn.overdueAt, turn.startedAt + 100);
      }
    }));
  });

  it("says how long it was given", async () => {
    const { clock, supervisor } = supervise({ timeoutMs: 250 });
    const turn = new Watched(clock);
    supervisor.watch(turn);
    await clock.advance(250);
    assert.ok(turn.error instanceof DeadlineError);
    assert.equal(turn.error.fields.ms, 250);
  });

  it("abandons everybody when it is closed", async () => {
    const { clock, supervisor } = supervise({ timeoutMs: 100 });
    const turn = new Watched(clock);
    supervisor.watch(turn);
    supervisor.close();
    await clock.advance(1_000);
    assert.equal(turn.abandoned, true);
    assert.equal(turn.overdueAt, -1);
  });
});
