import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { installFromNpm, run, serveToDeno } from "./package_forms.ts";

const PROJECT = fileURLToPath(new URL("./consumer", import.meta.url));

/** A consumer's project, in a folder that has nothing to do with this one. */
interface Consumer extends Disposable {
  /** Runs a module or URL on this runtime. */
  run(...args: string[]): Promise<string>;
  /** Where the package's module of this name is. */
  module(name: string): string;
}

/** From JSR, over HTTP, with an import map. */
async function onDeno(folder: string): Promise<Consumer> {
  const server = await serveToDeno();
  const imports = {
    "@shopfloor/shopfloor": `${server.url}/mod.ts`,
    "@shopfloor/shopfloor/testing": `${server.url}/src/testing/mod.ts`,
    "jsr:@std/async@^1": `${server.url}/compat/std-async/mod.ts`,
    zod: "npm:zod@4.6.7",
  };
  writeFileSync(join(folder, "deno.json"), JSON.stringify({ imports }));
  return {
    run: (...args) =>
      run(process.execPath, ["run", "-A", "--check", "--config", "deno.json", ...args], { cwd: folder }),
    module: (name) => `${server.url}/${name}.ts`,
    [Symbol.dispose]: () => server[Symbol.dispose](),
  };
}

/** From JSR's npm layer: JavaScript in `node_modules`. */
async function onBun(folder: string): Promise<Consumer> {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  await installFromNpm(folder);
  return {
    run: (...args) => run(process.execPath, ["run", ...args], { cwd: folder }),
    module: (name) => join(folder, "node_modules", "@shopfloor", "shopfloor", `${name}.js`),
    [Symbol.dispose]() {},
  };
}

describe("a consumer of the published package", () => {
  const folder = mkdtempSync(join(tmpdir(), "shopfloor-consumer-"));
  let consumer: Consumer | undefined;

  before(async () => {
    cpSync(PROJECT, folder, { recursive: true });
    consumer = await (process.versions.deno !== undefined ? onDeno(folder) : onBun(folder));
  });

  after(() => {
    consumer?.[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it("opens a factory of Web Workers with a blueprint of its own, and uses the test kit", async () => {
    const totals = join(folder, "totals.ndjson");
    const report = JSON.parse(await consumer!.run("main.ts", totals));
    assert.deepEqual(report, {
      accepted: 3_000,
      rejected: 1,
      products: { total: 3_000 },
      hired: 7,
      tested: { total: 10 },
    });
    assert.deepEqual(lastTotals(totals), expectedTotals());
  });

  it("runs the program, which says its version", async () => {
    assert.match(await consumer!.run(consumer!.module("mod"), "--version"), /^shopfloor \d+\.\d+\.\d+\n$/);
  });

  it("finds the demo's blueprint in the package", async () => {
    const findings = await consumer!.run(
      consumer!.module("mod"),
      "validate",
      consumer!.module("examples/fleet"),
    );
    assert.match(findings, /fleet/);
  });
});

interface Total {
  customer: string;
  cents: number;
  orders: number;
}

/** The last total of each customer; totals come in order for each. */
function lastTotals(path: string): Map<string, Total> {
  const totals = readFileSync(path, "utf8").trim().split("\n").map((line) => JSON.parse(line) as Total);
  return new Map(totals.map((total) => [total.customer, total]).toSorted() as [string, Total][]);
}

function expectedTotals(): Map<string, Total> {
  const totals = Array.from({ length: 7 }, (_, i) => ({ customer: `customer-${i}`, cents: 0, orders: 0 }));
  for (let i = 0; i < 3_000; i++) {
    totals[i % 7].cents += i;
    totals[i % 7].orders++;
  }
  return new Map(totals.map((total) => [total.customer, total]));
}
