import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { blueprint, shopfloor } from "./program.ts";

describe("the program", () => {
  it("prints its help on standard output", async () => {
    const { code, stdout, stderr } = await shopfloor(["--help"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Usage: shopfloor \[COMMAND\]/m);
    assert.equal(stderr, "");
  });

  it("prints its version", async () => {
    const { code, stdout, stderr } = await shopfloor(["validate", "--version"]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.match(stdout, /^shopfloor \d+\.\d+\.\d+\n$/);
  });

  const refusals: [args: string[], line: RegExp][] = [
    [
      ["run", blueprint("counter"), "--worksops", "2"],
      /unknown option --worksops: did you mean --workshops\?/,
    ],
    [["vaildate", blueprint("counter")], /unknown command vaildate: did you mean validate\?/],
    [["run", "missing.ts"], /blueprint missing\.ts: there is no such file/],
    [["start", blueprint("throwing")], /blueprint .*throwing\.ts: can't be imported: .*the scale is broken/],
    [["run", blueprint("nothing")], /blueprint .*nothing\.ts: expected "export default .*no default export/],
    [
      ["run", blueprint("counter"), "--input", "missing.ndjson"],
      /input missing\.ndjson: there is no such file/,
    ],
    [["run", blueprint("counter"), "--workshops", "0"], /option --workshops: .*found 0/],
    [
      ["run", blueprint("counter"), "--durability", "exactly-once"],
      /option --durability: .* needs the option data/,
    ],
  ];
  for (const [args, line] of refusals) {
    it(`refuses ${args.map((arg) => arg.replace(/.*\//, "")).join(" ")} in one line, with exit code 2`, async () => {
      const { code, stdout, stderr } = await shopfloor(args);
      assert.equal(stdout, "");
      assert.match(stderr, /^shopfloor: [^\n]+\n$/);
      assert.match(stderr, line);
      assert.equal(code, 2);
    });
  }

  it("shows the stack of a blueprint's error with --verbose", async () => {
    const { code, stderr } = await shopfloor(["validate", blueprint("throwing"), "--verbose"]);
    assert.equal(code, 2);
    assert.match(stderr, /\n.*at .*throwing\.ts/);
  });
});
