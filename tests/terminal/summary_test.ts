import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Summary } from "../../src/headquarters/mod.ts";
import { deadLetterLines, rejectionLines, summaryTable } from "../../src/terminal/summary.ts";

const SUMMARY: Summary = {
  name: "thermometers",
  materials: 1_234_567,
  rejected: 7,
  products: { average: 1_234_560, alarm: 42 },
  deadLettered: 3,
  hired: 5_000,
  dismissed: 4_999,
  seconds: 12.345,
  itemsPerSecond: 100_005.4,
  epochs: 13,
  deadLetters: [{ key: "a", reason: "error", error: "no scale" }],
  rejections: [1, 2, 3, 4, 5, 6].map((line) => ({
    place: `line ${line} of a.ndjson`,
    reason: "at: expected a number",
  })),
};

describe("summaryTable()", () => {
  it("aligns the numbers and separates thousands", () => {
    assert.equal(
      summaryTable(SUMMARY),
      `\
thermometers
  materials          1,234,567
  rejected                   7
  products           1,234,602
    average          1,234,560
    alarm                   42
  dead-lettered              3
  workers hired          5,000
  workers dismissed      4,999
  epochs committed          13
  seconds                12.35
  items per second     100,005`,
    );
  });

  it("has a line for each product type, and none when there are no types", () => {
    assert.match(summaryTable({ ...SUMMARY, products: {} }), /^ {2}products +0$/m);
  });
});

describe("rejectionLines()", () => {
  it("tells the first few and how many more there were", () => {
    const lines = rejectionLines(SUMMARY);
    assert.equal(lines[0], "rejected: line 1 of a.ndjson: at: expected a number");
    assert.equal(lines.length, 6);
    assert.equal(lines[5], "and 2 more");
  });

  it("tells nothing when nothing was rejected, and the number alone when nothing else is known", () => {
    assert.deepEqual(rejectionLines({ ...SUMMARY, rejected: 0, rejections: [] }), []);
    assert.deepEqual(rejectionLines({ ...SUMMARY, rejected: 2_000, rejections: [] }), ["rejected: 2,000"]);
  });
});

describe("deadLetterLines()", () => {
  it("tells the key and what went wrong", () => {
    assert.deepEqual(deadLetterLines(SUMMARY), ["dead-lettered: key a: error: no scale", "and 2 more"]);
  });
});
