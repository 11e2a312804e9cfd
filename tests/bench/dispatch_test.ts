import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { type Results, table } from "../../bench/compare/dispatch/results.ts";
import { benchPath, type Printed, printedBy } from "../../bench/programs.ts";
import { Mock } from "../../bench/scenarios/dispatch/mock.ts";
import { ownRuntime, small } from "./own_runtime.ts";

/** Every mode, with fewer threads than it has by default. */
const MODES: Readonly<Record<string, readonly string[]>> = {
  factory: ["--workshops", "2", "--in-flight", "20"],
  sequential: [],
  pool: ["--workshops", "3", "--in-flight", "3"],
  coroutines: ["--in-flight", "20"],
  "web-workers": ["--workshops", "2", "--in-flight", "20"],
};

const SHORT = ["--seconds", "0.6", "--warm", "0.4"];

async function dispatch(mode: string, flags: readonly string[]): Promise<Printed> {
  const { command } = await ownRuntime();
  return await printedBy([
    ...command,
    benchPath("scenarios/dispatch.ts"),
    "--mode",
    mode,
    ...SHORT,
    ...flags,
  ]);
}

describe("the dispatch", () => {
  let mock: Mock;
  before(async () => void (mock = await Mock.start()));
  after(() => mock.stop());

  for (const [mode, flags] of Object.entries(MODES)) {
    it(`as ${mode} writes one right row for each business`, async () => {
      const { ok, problems, rows } = await dispatch(mode, ["--url", mock.url, ...flags]);
      assert.deepEqual(problems, []);
      assert.equal(ok, true);
      assert.ok(Number(rows) > 0);
    });
  }

  it("brings its own service, and needs no durability", async () => {
    const { problems } = await dispatch("factory", ["--durability", "none", "--workshops", "1"]);
    assert.deepEqual(problems, []);
  });

  it("comes to the right result when one of three compute servers becomes slow", async () => {
    const flags = { seconds: 1, warm: 0.5, rounds: 1, inFlight: 10 };
    const { problems, share } = await small("scenarios/dispatch_slow.ts", flags);
    assert.deepEqual(problems, []);
    assert.ok(Number.isFinite(share));
  });

  it("waits for a service that isn't there, and then does every device once", async () => {
    const flags = { devices: 300, seconds: 0.3, inFlight: 300 };
    const { problems, rows } = await small("scenarios/dispatch_outage.ts", flags);
    assert.deepEqual(problems, []);
    assert.equal(rows, 300);
  });
});

describe("the comparison of the dispatch", () => {
  const folder = mkdtempSync(join(tmpdir(), "shopfloor-compare-test-"));
  after(() => rmSync(folder, { recursive: true }));

  it("runs every contestant that is asked for, and keeps table, numbers and chart", async () => {
    const { name, command: [program, ...args] } = await ownRuntime();
    const flags = ["--runs", "2", "--no-go", "--only", `coroutines ${name}`, "--out", folder, ...SHORT];
    const run = [...args, benchPath("compare/dispatch/run.ts"), ...flags];
    const { stdout } = await promisify(execFile)(program, run);
    assert.match(stdout, /^\| one thread, coroutines \((?:Deno|Bun)\) \| \d+ \|/m);
    const { results } = JSON.parse(readFileSync(join(folder, "results.json"), "utf8")) as Results;
    assert.deepEqual(results.map(({ rounds }) => rounds.length), [2]);
    assert.match(readFileSync(join(folder, "chart.svg"), "utf8"), /^<svg .*<\/svg>\n$/s);
  });

  it("takes ratios to Go round by round", () => {
    const round = (businessesPerSecond: number) => ({
      businessesPerSecond,
      p50Ms: 1,
      p99Ms: 2,
      microsPerBusiness: 3,
    });
    const results: Results = {
      date: "2026-01-01T00:00:00.000Z",
      cores: 4,
      processor: "a processor",
      versions: {},
      mock: "Go",
      load: [0, 0],
      runs: 3,
      seconds: 1,
      warm: 1,
      results: [
        { mode: "factory", runtime: "bun", rounds: [round(200), round(100), round(300)] },
        { mode: "go", runtime: "go", rounds: [round(100), round(100), round(200)] },
      ],
      skipped: [],
    };
    assert.match(
      table(results),
      /^\| Shopfloor \(Bun\) \| 200 \| 100 – 300 \| 1\.50 \| 1\.0 \| 2\.0 \| 3 \|$/m,
    );
  });
});
