import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { conclude, tally } from "../../.ci/tally.mjs";

/** As `deno test --junit-path` writes it: suites are test cases too, and the reason of a failure is an element. */
const DENO = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="8" failures="3" errors="0" time="0.184">
    <testsuite name="./a_test.ts" tests="4" disabled="1" errors="0" failures="2">
        <testcase name="outer" classname="./a_test.ts" time="0.005" line="5" col="1">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
        <testcase name="before() throws" classname="./a_test.ts" time="0.001" line="12" col="1">
            <failure message="Uncaught Error: hook">Error: hook</failure>
        </testcase>
        <testcase name="flat &lt;one&gt;" classname="./a_test.ts" time="0.000" line="13" col="1">
        </testcase>
        <testcase name="left out" classname="./a_test.ts" time="0.000" line="14" col="10">
            <skipped/>
        </testcase>
    </testsuite>
    <testsuite name="ext:deno_node/testing.ts" tests="4" disabled="0" errors="0" failures="1">
        <testcase name="outer &gt; good" classname="ext:deno_node/testing.ts" time="0.000" line="1" col="1">
        </testcase>
        <testcase name="outer &gt; bad" classname="ext:deno_node/testing.ts" time="0.001" line="1" col="1">
            <failure message="Uncaught Error: a &lt;failure&gt;">Error: a &lt;failure&gt;</failure>
        </testcase>
        <testcase name="outer &gt; inner" classname="ext:deno_node/testing.ts" time="0.000" line="1" col="1">
        </testcase>
        <testcase name="outer &gt; inner &gt; deep" classname="ext:deno_node/testing.ts" time="0.000" line="1" col="1">
        </testcase>
    </testsuite>
</testsuites>`;

/** As `bun test --reporter=junit` writes it: passed tests are empty elements, suites are nested. */
const BUN = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bun test" tests="3" assertions="0" failures="1" skipped="1" time="0.03">
  <testsuite name="a_test.ts" file="a_test.ts" tests="3" assertions="0" failures="1" skipped="1" time="0.02">
    <testsuite name="outer" file="a_test.ts" line="5" tests="3" failures="1" skipped="1" time="0" hostname="vm">
      <testcase name="a > b" classname="outer" time="0.00004" file="a_test.ts" line="6" assertions="0" />
      <testcase name="bad" classname="outer" time="0.000115" file="a_test.ts" line="7" assertions="0">
        <failure type="Error" message="x">Error: x</failure>
      </testcase>
      <testcase name="left out" classname="outer" time="0" file="a_test.ts" line="8" assertions="0">
        <skipped message="later" />
      </testcase>
    </testsuite>
  </testsuite>
</testsuites>`;

const GREEN = `<testsuites><testsuite><testcase name="fine" time="0" /></testsuite></testsuites>`;

describe("tally()", () => {
  it("counts tests, not suites, in Deno's report", () => {
    assert.deepEqual(tally(DENO), { passed: 3, failed: 2, skipped: 1 });
  });

  it("counts tests in Bun's report", () => {
    assert.deepEqual(tally(BUN), { passed: 1, failed: 1, skipped: 1 });
  });

  it("finds nothing in an empty report", () => {
    assert.deepEqual(tally("<testsuites/>"), { passed: 0, failed: 0, skipped: 0 });
  });
});

describe("conclude()", () => {
  const reports = (deno: string | undefined, bun: string | undefined) =>
    new Map([["deno.xml", deno], ["bun.xml", bun]]);

  it("closes with the sum over both runtimes", () => {
    const { lines, code } = conclude(1, reports(DENO, BUN));
    assert.equal(lines.at(-1), "4 passed, 3 failed");
    assert.equal(code, 1);
  });

  it("is content when both runtimes' tests have passed", () => {
    const { lines, code } = conclude(0, reports(GREEN, GREEN));
    assert.equal(lines.at(-1), "2 passed, 0 failed");
    assert.equal(code, 0);
  });

  it("counts a failure when the test command fails though every report is green", () => {
    const { lines, code } = conclude(1, reports(GREEN, GREEN));
    assert.equal(lines.at(-1), "2 passed, 1 failed");
    assert.equal(code, 1);
  });

  for (
    const [what, report] of [["has left no report", undefined], ["ran no test", "<testsuites/>"]] as const
  ) {
    it(`counts a failure when a runtime ${what}`, () => {
      const { lines, code } = conclude(0, reports(GREEN, report));
      assert.equal(lines.at(-1), "1 passed, 1 failed");
      assert.equal(code, 1);
    });
  }
});
