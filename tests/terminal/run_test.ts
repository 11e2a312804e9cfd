import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { groupByUser, makeOrders, ndjsonOf, sorted, totalsByUser } from "./orders.ts";
import { blueprint, launch, shopfloor } from "./program.ts";
import { scratch } from "./scratch.ts";

const COUNTER = blueprint("counter");

describe("run", () => {
  it("makes of a file what a plain loop makes of it, and sums up", async () => {
    using folder = scratch();
    const orders = makeOrders(3_000, 40);
    writeFileSync(folder.file("orders.ndjson"), ndjsonOf(orders));
    const args = ["--input", "orders.ndjson", "--settings", "out=totals.ndjson", "--workshops", "2"];
    const { code, stdout, stderr } = await shopfloor(["run", COUNTER, ...args], { cwd: folder.path });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.match(
      stdout,
      /^counter\n {2}materials +3,000\n {2}rejected +0\n {2}products +3,000\n {4}total +3,000\n/,
    );
    assert.match(stdout, /^ {2}dead-lettered +0\n {2}workers hired +40$/m);
    const written = groupByUser(readFileSync(folder.file("totals.ndjson"), "utf8"));
    assert.deepEqual(sorted(written), sorted(totalsByUser(orders)));
  });

  it("reads standard input and prints the summary as one JSON object", async () => {
    const orders = makeOrders(100, 5);
    const { code, stdout, stderr } = await shopfloor(["run", COUNTER, "--json", "--workshops", "1"], {
      stdin: ndjsonOf(orders),
    });
    assert.equal(code, 0, stderr);
    const { name, materials, rejected, products, deadLettered, hired } = JSON.parse(stdout);
    assert.deepEqual({ name, materials, rejected, products, deadLettered, hired }, {
      name: "counter",
      materials: 100,
      rejected: 0,
      products: { total: 100 },
      deadLettered: 0,
      hired: 5,
    });
    assert.equal(stdout.trimEnd().includes("\n"), false);
  });

  it("keeps standard output to the products when a sink writes them there", async () => {
    const orders = makeOrders(50, 3);
    const args = ["run", COUNTER, "--settings", "out=-", "--workshops", "1"];
    const { code, stdout, stderr } = await shopfloor(args, { stdin: ndjsonOf(orders) });
    assert.equal(code, 0, stderr);
    assert.deepEqual(sorted(groupByUser(stdout)), sorted(totalsByUser(orders)));
    assert.match(stderr, /^ {2}materials +50$/m);
  });

  it("describes the first rejected items and goes on behind them", async () => {
    const good = makeOrders(10, 2);
    const bad = Array.from({ length: 7 }, () => ({ user: "user 1", amount: "much" }));
    const lines = ndjsonOf([...good, ...bad, ...good]).replace("\n", "\n{broken\n");
    const { code, stdout, stderr } = await shopfloor(["run", COUNTER, "--workshops", "1"], { stdin: lines });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ {2}materials +20\n {2}rejected +8$/m);
    assert.match(stderr, /^rejected: [^\n]*line 2\b/m);
    assert.match(stderr, /^rejected: [^\n]*line 12\b[^\n]*amount/m);
    assert.match(stderr, /^and 3 more$/m);
  });

  it("ends with 3 when items could not be processed, and says which", async () => {
    const stdin = ndjsonOf([{ user: "a", amount: 1 }, { user: "b", amount: -1 }, { user: "b", amount: 2 }]);
    const { code, stdout, stderr } = await shopfloor(["run", COUNTER, "--json", "--workshops", "1"], {
      stdin,
    });
    assert.equal(code, 3);
    const { materials, products, deadLettered } = JSON.parse(stdout);
    assert.deepEqual({ materials, products, deadLettered }, {
      materials: 3,
      products: { total: 2 },
      deadLettered: 1,
    });
    assert.match(stderr, /^dead-lettered: key b: [^\n]*a negative amount$/m);
  });

  it("ends with 1 and one line when the factory fails", async () => {
    const { code, stdout, stderr } = await shopfloor(["run", blueprint("failing_source")]);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /^shopfloor: [^\n]*the belt has snapped[^\n]*\n$/);
  });

  it("refuses a blueprint without a source, which would wait for ever", async () => {
    const { code, stderr } = await shopfloor(["run", blueprint("pushed")]);
    assert.equal(code, 2);
    assert.match(stderr, /^shopfloor: run: blueprint pushed has no source; [^\n]+\n$/);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`finishes what was bought at ${signal}, and ends with 0`, async () => {
      const program = launch(["run", COUNTER, "--workshops", "1", "--settings", "out=-"], { stdin: "open" });
      program.stdin.write(ndjsonOf(makeOrders(20, 2)));
      await program.written(/"orders":/);
      program.signal(signal);
      const { code, stdout, stderr } = await program.outcome;
      assert.equal(code, 0, stderr);
      assert.equal(stdout.trimEnd().split("\n").length, 20);
      assert.match(stderr, new RegExp(`^shopfloor: ${signal}: finishing`, "m"));
      assert.match(stderr, /^ {2}materials +20$/m);
    });
  }

  it("takes options from the environment, and lets flags beat them", async () => {
    using folder = scratch();
    writeFileSync(folder.file("a.ndjson"), ndjsonOf(makeOrders(5, 1)));
    writeFileSync(folder.file("b.ndjson"), ndjsonOf(makeOrders(9, 1)));
    const env = {
      SHOPFLOOR_INPUT: folder.file("a.ndjson"),
      SHOPFLOOR_JSON: "true",
      SHOPFLOOR_WORKSHOPS: "1",
    };
    const byEnvironment = await shopfloor(["run", COUNTER], { env });
    const byFlag = await shopfloor(["run", COUNTER, "--input", folder.file("b.ndjson")], { env });
    assert.equal(JSON.parse(byEnvironment.stdout).materials, 5);
    assert.equal(JSON.parse(byFlag.stdout).materials, 9);
  });
});
