import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { small } from "./own_runtime.ts";

/** A second or so of each of what guarantees cost; whether they reach their targets is no question here. */
const SMALL: readonly (readonly [name: string, flags: Readonly<Record<string, number>>])[] = [
  ["durability", { keys: 200, seconds: 0.4, warm: 0.2, rounds: 1, epoch: 50 }],
  ["recovery", { workers: 500, rate: 5_000, deaths: 1 }],
  ["reopen", { workers: 2_000, runs: 1 }],
  ["reopen", { workers: 2_000, runs: 1, farewell: 1 }],
];

describe("the benchmarks of what guarantees cost", () => {
  for (const [name, flags] of SMALL) {
    it(`${name} comes to the right result: ${JSON.stringify(flags)}`, async () => {
      const { ok, problems } = await small(`scenarios/${name}.ts`, flags);
      assert.deepEqual(problems, []);
      assert.equal(ok, true);
    });
  }
});
