import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ALARM_CLEAR_MS, ALARM_RAISE_MS } from "../../src/core/limits.ts";
import { Alarms } from "../../src/operations/alarms.ts";
import type { Alarm } from "../../src/operations/mod.ts";
import type { Grade, Symptom } from "../../src/operations/symptoms.ts";

const START = 1_700_000_000_000;

function slow(grade: Grade = "acute", message: string = "slow"): Symptom {
  return { kind: "latency", subject: "factory", grade, message };
}

/** Judges one list of symptoms a second, from the first second on; returns the alarms of each. */
function seconds(...symptoms: (readonly Symptom[])[]): Alarm[][] {
  const alarms = new Alarms();
  return symptoms.map((now, i) => alarms.judge(now, { at: START + i * 1_000, now: i * 1_000 }));
}

const times = (count: number, symptoms: readonly Symptom[]) => new Array(count).fill(symptoms);

describe("Alarms", () => {
  it("raises an alarm when trouble has lasted, and says since when", () => {
    const judged = seconds(...times(4, [slow()]));
    assert.deepEqual(judged.map((alarms) => alarms.length), [0, 0, 0, 1]);
    assert.deepEqual(judged[3], [{ kind: "latency", subject: "factory", since: START, message: "slow" }]);
  });

  it("raises silence at once: that a department is silent has taken its time already", () => {
    const silent: Symptom = { kind: "silent-workshop", subject: "workshop 1", grade: "acute", message: "" };
    assert.equal(seconds([silent])[0].length, 1);
  });

  it("raises nothing for trouble that comes and goes at once", () => {
    const judged = seconds(...times(20, []).map((_, i) => i % 2 === 0 ? [slow()] : []));
    assert.ok(judged.every((alarms) => alarms.length === 0));
  });

  it("keeps an alarm standing until trouble has been over for a while, and then forgets it", () => {
    const judged = seconds(...times(4, [slow()]), ...times(5, []), ...times(4, [slow()]));
    const standing = judged.map((alarms) => alarms.length);
    assert.deepEqual(standing, [0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1]);
    assert.equal(judged.at(-1)![0].since, START + 9_000);
  });

  it("keeps an alarm standing while trouble is between the limits, but raises none there", () => {
    const mild = slow("mild");
    assert.ok(seconds(...times(20, [mild])).every((alarms) => alarms.length === 0));
    const judged = seconds(...times(4, [slow()]), ...times(20, [mild]));
    assert.equal(judged.at(-1)!.length, 1);
    assert.deepEqual(seconds([slow()], [mild], [slow()], [slow()]).at(-1), []);
  });

  it("takes a second that says nothing for neither better nor worse", () => {
    const silence = slow("unknown", "");
    assert.equal(seconds([slow()], [silence], [slow()], [silence], [slow()]).at(-1)!.length, 1);
    assert.equal(seconds(...times(4, [slow()]), ...times(4, [silence])).at(-1)![0].message, "slow");
    assert.deepEqual(seconds(...times(4, [slow()]), ...times(5, [silence])).at(-1), []);
    assert.deepEqual(seconds(...times(9, [silence])).at(-1), []);
  });

  it("tells the latest message", () => {
    const judged = seconds(...times(4, [slow("acute", "5 s")]), [slow("acute", "6 s")]);
    assert.deepEqual(judged.slice(3).map(([{ message }]) => message), ["5 s", "6 s"]);
  });

  it("keeps subjects apart, the longest trouble first", () => {
    const down = (type: string): Symptom => ({
      kind: "sink-down",
      subject: `sink ${type}`,
      grade: "acute",
      message: "",
    });
    const judged = seconds(...times(2, [down("a")]), ...times(3, [down("b"), down("a")]));
    assert.deepEqual(judged.at(-1)!.map(({ subject }) => subject), ["sink a", "sink b"]);
  });

  it("never raises sooner than the limit says, and never changes its mind within the other", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<(Grade | "none")[]>("none", "mild", "acute", "unknown"), { maxLength: 60 }),
        (states) => {
          const judged = seconds(...states.map((s) => s === "none" ? [] : [slow(s)]));
          const up = judged.map((alarms) => alarms.length > 0);
          up.forEach((standing, i) => {
            if (standing && !up[i - 1]) {
              const since = (judged[i][0].since - START) / 1_000;
              assert.ok(i - since >= ALARM_RAISE_MS.latency / 1_000);
              assert.ok(
                states.slice(since, i + 1).every((state) => state === "acute" || state === "unknown"),
              );
            }
            if (!standing && up[i - 1]) {
              const quiet = states.slice(i - ALARM_CLEAR_MS / 1_000 + 1, i + 1);
              assert.ok(quiet.every((state) => state === "none" || state === "unknown"));
            }
          });
        },
      ),
    );
  });
});
