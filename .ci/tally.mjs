/**
 * Adds up the test reports of both runtimes. Plain JavaScript: it has to run, on Node, where a runtime is missing.
 *
 * `node .ci/tally.mjs STATUS REPORT…`: STATUS is the exit code of the test command, each REPORT a JUnit file.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";

/**
 * Counts the tests of one report. Suites don't count as tests: Deno reports each `describe` as a test case of its
 * own, whose name its tests' names begin with.
 *
 * @param {string} report JUnit XML, as `deno test` and `bun test` write it
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function tally(report) {
  const cases = casesOf(report);
  const suites = new Set();
  for (const { name } of cases) {
    for (let at = name.indexOf(" > "); at >= 0; at = name.indexOf(" > ", at + 1)) {
      suites.add(name.slice(0, at));
    }
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, outcome, failure } of cases) {
    // A suite that fails for no reason but its tests' failures says nothing new; one whose hook fails does.
    if (suites.has(name) && (outcome !== "failed" || /^\d+ test steps? failed/.test(failure))) continue;
    counts[outcome]++;
  }
  return counts;
}

/** A test case begins; attributes are quoted, and `>` may stand in them. */
const CASE = /<testcase\b((?:\s+[\w:.-]+="[^"]*")*)\s*(\/?)>/g;

/** @param {string} report */
function casesOf(report) {
  return [...report.matchAll(CASE)].map((match) => {
    const [whole, attributes, closed] = match;
    const from = match.index + whole.length;
    const body = closed ? "" : report.slice(from, report.indexOf("</testcase>", from));
    const failure = /<(?:failure|error)\b[^>]*?(?:\smessage="([^"]*)")?[^>]*>/.exec(body);
    const outcome = failure ? "failed" : /<skipped\b/.test(body) ? "skipped" : "passed";
    return { name: nameIn(attributes), outcome, failure: failure?.[1] ?? "" };
  });
}

/** @param {string} attributes */
function nameIn(attributes) {
  const name = /\sname="([^"]*)"/.exec(attributes)?.[1] ?? "";
  return name.replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll(
    "&amp;",
    "&",
  );
}

/**
 * What to print, and the exit code.
 *
 * @param {number} status exit code of the test command
 * @param {Map<string, string | undefined>} reports by file name; undefined where there is none
 * @returns {{ lines: string[], code: number }}
 */
export function conclude(status, reports) {
  const lines = [];
  let [passed, failed, missing] = [0, 0, false];
  for (const [file, report] of reports) {
    const counts = report === undefined ? undefined : tally(report);
    const none = counts === undefined || counts.passed + counts.failed === 0;
    missing ||= none;
    passed += counts?.passed ?? 0;
    failed += counts?.failed ?? 0;
    lines.push(
      none
        ? `${file}: no test has run`
        : `${file}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
    );
  }
  if (failed === 0 && (status !== 0 || missing)) {
    failed = 1;
    lines.push(
      `the test command ended with ${status} and no report names what failed: counted as one failure`,
    );
  }
  lines.push(`${passed} passed, ${failed} failed`);
  return { lines, code: failed > 0 || status !== 0 ? 1 : 0 };
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // the runtime never got so far as to write it
  }
}

if (import.meta.main ?? process.argv[1]?.endsWith("tally.mjs")) {
  const [status, ...files] = process.argv.slice(2);
  const { lines, code } = conclude(Number(status), new Map(files.map((file) => [file, read(file)])));
  for (const line of lines) console.log(line);
  process.exitCode = code;
}
