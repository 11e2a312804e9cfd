import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { benchPath } from "../../bench/programs.ts";
import { ownRuntime } from "./own_runtime.ts";

describe("the micro benchmarks", () => {
  for (const name of ["hashKey", "Roster.find.*, 5000 ", "Packer .* 16 KB"]) {
    it(`run those that match ${name}`, async () => {
      const { command: [program, ...args] } = await ownRuntime();
      const run = [...args, benchPath("micro.ts"), "--filter", name];
      const { stdout } = await promisify(execFile)(program, run);
      assert.match(stdout, new RegExp(name));
      assert.match(stdout, /\/iter/);
    });
  }
});
