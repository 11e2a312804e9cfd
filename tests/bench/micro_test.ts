import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { benchPath } from "../../bench/programs.ts";
import { ownRuntime } from "./own_runtime.ts";

/** One without anything around it, one that sets something up, one with Web Workers. */
const SOME = [
  "hashKey\\(\\), 1,000 keys of 11",
  "Roster\\.findAll\\(\\) for a batch, 5000",
  "batches of 16 KB",
];

describe("the micro benchmarks", () => {
  it("run those whose name matches", async () => {
    const { command: [program, ...args] } = await ownRuntime();
    const run = [...args, benchPath("micro.ts"), "--filter", SOME.join("|")];
    const { stdout } = await promisify(execFile)(program, run);
    for (const name of SOME) assert.match(stdout, new RegExp(name));
    assert.equal(stdout.match(/\/iter/g)?.length, SOME.length);
  });
});
