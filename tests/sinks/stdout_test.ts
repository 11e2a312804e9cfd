import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { scratchDirectory } from "./scratch.ts";

const scratch = scratchDirectory();
const PROGRAM = fileURLToPath(new URL("./programs/write_stdout.ts", import.meta.url));

/** Starts the program under the runtime that runs this test. */
function start(products: number, stdout: "pipe" | number) {
  const run = process.versions.bun ? ["run", PROGRAM] : ["run", "-A", PROGRAM];
  const child = spawn(process.execPath, [...run, String(products)], { stdio: ["ignore", stdout, "pipe"] });
  let complaints = "";
  child.stderr!.on("data", (some) => complaints += some);
  const ended = new Promise<{ code: number | null; complaints: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, complaints }));
  });
  return { child, ended };
}

function numbersOf(text: string): number[] {
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line).number);
}

describe("ndjson() to standard output", () => {
  it("writes whole lines into a file", async () => {
    const path = join(scratch, "stdout.ndjson");
    assert.equal((await start(3_000, openSync(path, "w")).ended).code, 0);
    assert.deepEqual(
      numbersOf(readFileSync(path, "utf8")),
      Array.from({ length: 3_000 }, (_, number) => number),
    );
  });

  it("waits for a reader that is slow", async () => {
    const { child, ended } = start(20_000, "pipe");
    let text = "";
    child.stdout!.on("data", (some) => {
      text += some;
      child.stdout!.pause();
      setTimeout(() => child.stdout!.resume(), 1);
    });
    assert.equal((await ended).code, 0);
    assert.equal(numbersOf(text).length, 20_000);
  });

  it("fails for good when the reader goes away", async () => {
    const { child, ended } = start(1_000_000, "pipe");
    child.stdout!.once("data", () => child.stdout!.destroy());
    const { code, complaints } = await ended;
    assert.equal(code, 0, complaints);
    assert.deepEqual(JSON.parse(complaints), {
      message: "sink: standard output: whoever read it is gone",
      final: true,
    });
  });
});
