import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Gate } from "../../src/rpc/gate.ts";
import { Ending } from "../../src/rpc/scope.ts";

/** Lets promises settle. */
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

describe("the gate", () => {
  it("lets in no more than the limit, in order of arrival, and nobody waits while there is room", async () => {
    const steps = fc.array(
      fc.constantFrom("come", "come", "leave", "give up", "raise", "lower", "shut", "open"),
      {
        maxLength: 80,
      },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        let limit = 2;
        let open = true;
        const take = () => {
          assert.ok(gate.inside < limit, "one more than the limit");
          return open ? {} : undefined;
        };
        const gate: Gate<object> = new Gate({ most: 10, limit: () => limit, take });
        const waiting: { id: number; ending: Ending }[] = [];
        const entered: number[] = [];
        const refused: number[] = [];
        for (const [id, step] of plan.entries()) {
          if (step === "come") {
            const ending = new Ending();
            waiting.push({ id, ending });
            const leaveQueue = () => void waiting.splice(waiting.findIndex((other) => other.id === id), 1);
            Promise.resolve().then(() => gate.enter(ending)).then(() => {
              leaveQueue();
              entered.push(id);
            }, () => {
              leaveQueue();
              refused.push(id);
            });
          } else if (step === "leave" && gate.inside > 0) gate.leave();
          else if (step === "give up") waiting.at(-1)?.ending.end(new Error("enough"));
          else if (step === "raise") limit++;
          else if (step === "lower") limit = Math.max(1, limit - 1);
          else if (step === "shut") open = false;
          else if (step === "open") open = true;
          gate.wake();
          await settled();
          assert.ok(gate.waiting <= 10);
          if (gate.waiting > 0) assert.ok(gate.inside >= limit || !open, "somebody waits for nothing");
        }
        assert.deepEqual(entered, entered.toSorted((a, b) => a - b));
        assert.equal(
          entered.length + refused.length + gate.waiting,
          plan.filter((step) => step === "come").length,
        );
      }),
      { numRuns: 40 },
    );
  });

  it("passes over those who have no time left, until they have", async () => {
    const gate = new Gate({ most: 5, limit: () => 1, take: () => ({}) });
    const entered: string[] = [];
    const inTime = new Set(["first", "young"]);
    const come = (name: string) =>
      Promise.resolve(gate.enter(new Ending(), () => inTime.has(name))).then(() => entered.push(name));
    await come("first");
    const old = come("old");
    const young = come("young");
    gate.leave();
    await young;
    gate.leave();
    await settled();
    assert.deepEqual([entered, gate.waiting, gate.inside], [["first", "young"], 1, 0]);
    inTime.add("old");
    gate.wake();
    await old;
    void come("late");
    await settled();
    assert.equal(gate.waiting, 1);
  });

  it("refuses whoever comes when the queue is full", async () => {
    const gate = new Gate({ most: 1, limit: () => 1, take: () => ({}) });
    await gate.enter(new Ending());
    void gate.enter(new Ending());
    assert.throws(() => gate.enter(new Ending()), { name: "RpcError", code: "resource_exhausted" });
  });

  it("forgets who has given up", async () => {
    const gate = new Gate({ most: 5, limit: () => 1, take: () => ({}) });
    await gate.enter(new Ending());
    const ending = new Ending();
    const waiting = gate.enter(ending);
    ending.end(new Error("enough"));
    await assert.rejects(async () => await waiting, /enough/);
    assert.equal(gate.waiting, 0);
    assert.throws(() => gate.enter(ending), /enough/);
  });
});
