import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { promisify } from "node:util";
import { chart } from "../../bench/compare/chart.ts";
import { lead, type Results, spreadOf, table } from "../../bench/compare/results.ts";
import { benchPath } from "../../bench/programs.ts";
import { ownRuntime, small } from "./own_runtime.ts";

const RESULTS: Results = {
  date: "2026-01-01T00:00:00.000Z",
  cores: 4,
  processor: "a processor",
  versions: {},
  runs: 3,
  seconds: 1,
  warm: 1,
  results: [
    { name: "Shopfloor", runtime: "deno", keys: 5_000, itemsPerSecond: [3e6, 2e6, 4e6] },
    { name: "piscina", runtime: "bun", keys: 5_000, itemsPerSecond: [1e6, 1e6, 1e6] },
    { name: "Go, idiomatic", runtime: "go", keys: 5_000, itemsPerSecond: [1e6, 2e6, 2e6] },
  ],
  skipped: [],
};

describe("the comparison", () => {
  const folder = mkdtempSync(join(tmpdir(), "shopfloor-compare-test-"));
  after(() => rmSync(folder, { recursive: true }));

  for (const name of ["plain_loop", "poolifier", "piscina", "workerpool"]) {
    it(`${name} comes to the right result`, async () => {
      const printed = await small(`compare/${name}.ts`, { seconds: 0.3, warm: 0.2, keys: 200 });
      assert.deepEqual(printed.problems, []);
      assert.ok(printed.itemsPerSecond! > 0);
    });
  }

  it("runs every contestant that is asked for, and keeps table, numbers and chart", async () => {
    const { name, command: [program, ...args] } = await ownRuntime();
    const flags = ["--runs", "2", "--seconds", "0.2", "--warm", "0.1", "--only", `thread ${name} 5000`];
    const run = [...args, benchPath("compare/run.ts"), ...flags, "--out", folder];
    const { stdout } = await promisify(execFile)(program, run);
    assert.match(stdout, /^\| 5,000 \| plain loop, one thread/m);
    const { results } = JSON.parse(readFileSync(join(folder, "results.json"), "utf8")) as Results;
    assert.equal(results.length, 1);
    assert.equal(results[0].itemsPerSecond.length, 2);
    assert.match(readFileSync(join(folder, "chart.svg"), "utf8"), /^<svg .*<\/svg>\n$/s);
  });

  it("takes ratios round by round, and only within a runtime", () => {
    const [ours, piscina, go] = RESULTS.results;
    assert.deepEqual(lead(go, { runtime: "deno", results: RESULTS }), { median: 2, min: 1, max: 3 });
    assert.equal(lead(ours, { runtime: "deno", results: RESULTS }), undefined);
    assert.equal(lead(piscina, { runtime: "bun", results: RESULTS }), undefined);
    assert.match(table(RESULTS), /Go, idiomatic \| 2\.00 \| 1\.00 – 2\.00 \| 2\.00 × \(1\.00 – 3\.00\)/);
  });

  it("takes the lower of two in the middle as the median", () => {
    assert.deepEqual(spreadOf([4, 1, 3, 2]), { median: 2, min: 1, max: 4 });
  });

  it("draws a bar for each contestant, the fastest first", () => {
    const labels = [...chart(RESULTS).matchAll(/text-anchor="end">([^<]+)</g)].map(([, label]) => label);
    assert.deepEqual(labels, ["Shopfloor (Deno)", "Go, idiomatic", "piscina (Bun)"]);
  });
});
