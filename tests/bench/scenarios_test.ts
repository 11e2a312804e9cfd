import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Printed } from "../../bench/programs.ts";
import { TARGETS } from "../../bench/scenarios/targets.ts";
import { small } from "./own_runtime.ts";

/** A second or so of each scenario. */
const SMALL: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  fleet: { seconds: 0.4, warm: 0.2, keys: 200 },
  cpu: { seconds: 0.4, warm: 0.2, keys: 200, spins: 100 },
  async: { seconds: 0.4, warm: 0.2, keys: 200, wait: 2 },
  latency: { seconds: 1, warm: 0.2, keys: 200, rate: 1_000 },
  unpaced: { seconds: 2, window: 1, keys: 200, micros: 2 },
  million_workers: { workers: 5_000, rate: 100_000 },
  ndjson: { items: 5_000, keys: 200 },
};

describe("the benchmarks' scenarios", () => {
  const results = new Map<string, Printed>();
  for (const [name, flags] of Object.entries(SMALL)) {
    it(`${name} comes to the right result`, async () => {
      const printed = await small(`scenarios/${name}.ts`, flags);
      assert.deepEqual(printed.problems, []);
      assert.equal(printed.ok, true);
      results.set(name, printed);
    });
  }

  it("latency at a share of the maximum comes to the right result", async () => {
    const printed = await small("scenarios/latency.ts", { seconds: 1, warm: 0.2, keys: 200, share: 0.5 });
    assert.deepEqual(printed.problems, []);
  });

  it("say what the targets want to know", () => {
    for (const { says, programs, value } of TARGETS) {
      const number = value(programs.map(({ name }) => results.get(name)!));
      assert.ok(Number.isFinite(number), `${says}: ${number}`);
    }
  });

  it("end with exit code 1 when they contradict themselves", async () => {
    const printed = await small("../tests/bench/programs/wrong.ts", {});
    assert.equal(printed.ok, false);
    assert.deepEqual(printed.problems, ["two and two are five"]);
  });
});

describe("the benchmarks of single stages", () => {
  it("profile every stage of the fleet", async () => {
    const { nanoseconds } = await small("profile/fleet_profile.ts", { items: 2_000, rounds: 1, warm: 0 });
    const times = Object.entries(nanoseconds as Record<string, number>);
    assert.ok(times.length >= 12);
    for (const [stage, time] of times) assert.ok(time >= 0 && Number.isFinite(time), `${stage}: ${time}`);
  });

  it("weigh a worker", async () => {
    const { ok, bytesPerWorker } = await small("workshop/worker_bytes.ts", { workers: 20_000 });
    assert.equal(ok, true);
    assert.ok(Number(bytesPerWorker) > 0);
  });
});
