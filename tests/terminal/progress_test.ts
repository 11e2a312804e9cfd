import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Inspection } from "../../src/operations/mod.ts";
import { progressLine, showProgress } from "../../src/terminal/progress.ts";

function inspection(materials: number): Inspection {
  return {
    totals: { materials, products: 3, rejected: 0, deadLetters: 0 },
    itemsPerSecond: 1_234.6,
    workers: 10,
    bottleneck: null,
  } as Inspection;
}

async function* inspections(materials: readonly number[]): AsyncGenerator<Inspection> {
  for (const number of materials) yield inspection(number);
}

/** Lets the loop over the inspections run to its end. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 10));

describe("progressLine()", () => {
  it("tells counts and pace, and troubles only when there are any", () => {
    const report = inspection(12_000);
    assert.equal(progressLine(report), "12,000 materials  1,235/s  3 products  10 workers");
    report.totals.deadLetters = 2;
    report.bottleneck = "sink average";
    assert.match(progressLine(report), / {2}2 dead-lettered {2}limited by sink average$/);
  });
});

describe("showProgress()", () => {
  it("writes one line over and over, without escape codes, and blanks it in the end", async () => {
    const written: string[] = [];
    const status = { columns: 80, write: (text: string) => void written.push(text) };
    const progress = showProgress({ inspections: () => inspections([1_000_000, 5]) }, status);
    await settle();
    progress.stop();
    progress.stop();
    assert.equal(written.length, 3);
    assert.ok(
      written.every((text) => text.startsWith("\r") && !text.includes("\n") && !text.includes("\x1b")),
    );
    assert.equal(written[1].length, written[0].length, "a shorter line covers the longer one before it");
    assert.match(written[2], /^\r +\r$/);
  });

  it("never writes beyond the terminal's edge", async () => {
    const written: string[] = [];
    showProgress({ inspections: () => inspections([1]) }, {
      columns: 20,
      write: (text) => void written.push(text),
    });
    await settle();
    assert.ok(written[0].length <= 20);
  });

  it("asks for nothing when nobody is looking", () => {
    showProgress({
      inspections: () => {
        throw new Error("asked for");
      },
    }, undefined).stop();
  });

  it("keeps quiet when the factory fails", async () => {
    const failing = {
      // deno-lint-ignore require-yield
      async *inspections(): AsyncGenerator<Inspection> {
        throw new Error("failed");
      },
    };
    showProgress(failing, { columns: 80, write: () => {} }).stop();
    await settle();
  });
});
