import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bytes, duration, percent, rate } from "../../src/terminal/numbers.ts";

describe("numbers for people", () => {
  it("rate() keeps small rates, and separates thousands", () => {
    assert.deepEqual([0, 0.42, 1, 9.96, 1_234.5].map(rate), ["0", "0.4", "1", "10", "1,235"]);
  });

  it("duration() takes the unit that fits", () => {
    const cases: [number, string][] = [
      [0, "0 ms"],
      [0.0123, "12 µs"],
      [0.9996, "1.0 ms"],
      [9.94, "9.9 ms"],
      [340.4, "340 ms"],
      [999.6, "1.0 s"],
      [5_400, "5.4 s"],
      [59_960, "1 min"],
      [3_900_000, "1 h 5 min"],
      [200_000_000, "2 d 7 h"],
    ];
    for (const [ms, text] of cases) assert.equal(duration(ms), text);
  });

  it("bytes() takes the unit that fits", () => {
    const cases: [number, string][] = [[0, "0 B"], [999, "999 B"], [1_500, "1.5 kB"], [412e6, "412 MB"], [
      4.2e13,
      "42 TB",
    ]];
    for (const [count, text] of cases) assert.equal(bytes(count), text);
  });

  it("percent() is of a share", () => assert.equal(percent(0.984), "98 %"));
});
