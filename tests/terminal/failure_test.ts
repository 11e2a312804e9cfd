import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BlueprintError,
  DepartmentError,
  OptionsError,
  SourceError,
  StoreError,
} from "../../src/core/mod.ts";
import { exitCodeOf, tellError } from "../../src/terminal/failure.ts";
import { fakeTerminal } from "./fake_terminal.ts";

describe("exitCodeOf()", () => {
  it("is 2 for what whoever asked can mend", () => {
    for (const Class of [BlueprintError, OptionsError, StoreError]) {
      assert.equal(exitCodeOf(new Class("no")), 2);
    }
  });

  it("is 2 for a missing file, however deep the error is wrapped", () => {
    const missing = Object.assign(new Error("no such file"), { code: "ENOENT" });
    assert.equal(
      exitCodeOf(new SourceError("can't open", { cause: new Error("open", { cause: missing }) })),
      2,
    );
  });

  it("is 1 for everything else", () => {
    assert.equal(exitCodeOf(new DepartmentError("workshop 2 fell silent")), 1);
    assert.equal(exitCodeOf(new TypeError("a bug")), 1);
    assert.equal(exitCodeOf("thrown text"), 1);
  });
});

describe("tellError()", () => {
  it("tells an error of several lines in one", () => {
    const terminal = fakeTerminal([]);
    tellError(new BlueprintError("can't be read:\n  line 3\n  line 4"), { terminal, verbose: false });
    assert.deepEqual(terminal.complained, ["shopfloor: can't be read: line 3 line 4"]);
  });

  it("says so when an error is none of Shopfloor's own", () => {
    const terminal = fakeTerminal([]);
    tellError(new TypeError("x is not a function"), { terminal, verbose: false });
    assert.deepEqual(terminal.complained, ["shopfloor: unexpected error: x is not a function"]);
  });

  it("tells stack and causes when asked to", () => {
    const terminal = fakeTerminal([]);
    tellError(new SourceError("can't open", { cause: new Error("the reason") }), { terminal, verbose: true });
    assert.match(terminal.complained.join("\n"), /failure_test\.ts[^]*the reason/);
  });
});
