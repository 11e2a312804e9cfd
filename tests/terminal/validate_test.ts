import assert from "node:assert/strict";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { blueprint, shopfloor } from "./program.ts";

describe("validate", () => {
  it("prints what a blueprint comes to", async () => {
    const { code, stdout, stderr } = await shopfloor(["validate", blueprint("counter")]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.match(stdout, /^counter is a valid blueprint$/m);
    assert.match(stdout, /^ {2}material +user string, amount number, note string \(optional\)$/m);
    assert.match(stdout, /^ {2}key +\(?order\)? ?=> ?order\.user$/m);
    assert.match(stdout, /^ {2}product total +user string, orders int, sum number$/m);
    assert.match(stdout, /^ {2}source +ndjson \(ends by itself, replayable\)$/m);
    assert.match(stdout, /^ {2}sink total +callback \(at-least-once\)$/m);
    assert.match(stdout, /^ {2}contract +60,000 ms idle, 4,000,000 workers per workshop$/m);
  });

  it("prints it as JSON, for the settings given", async () => {
    const args = ["validate", blueprint("counter"), "--json", "--settings", "out=-"];
    const { code, stdout } = await shopfloor(args);
    assert.equal(code, 0);
    const { name, products } = JSON.parse(stdout);
    assert.equal(name, "counter");
    assert.deepEqual(products.map(({ type, sink }: { type: string; sink: string }) => [type, sink]), [
      ["total", "ndjson -"],
    ]);
  });

  it("takes a URL, and a path from the working directory", async () => {
    const path = blueprint("pushed");
    const byUrl = await shopfloor(["validate", pathToFileURL(path).href]);
    const byPath = await shopfloor(["validate", "./pushed.ts"], { cwd: dirname(path) });
    assert.equal(byUrl.code, 0, byUrl.stderr);
    assert.deepEqual(byPath, byUrl);
    assert.match(byUrl.stdout, /source +none: only what is pushed/);
  });

  it("finds the product type that has no sink", async () => {
    const { code, stdout, stderr } = await shopfloor(["validate", blueprint("partly_sunk")]);
    assert.equal(stdout, "");
    assert.match(stderr, /^shopfloor: [^\n]*\blost\b[^\n]*\n$/);
    assert.equal(code, 2);
  });
});
