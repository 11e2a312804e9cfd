import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { scratchDirectory } from "./scratch.ts";

const directory = scratchDirectory();
const PROGRAM = fileURLToPath(new URL("./programs/count_stdin.ts", import.meta.url));
const ITEMS = 20_000;
const TEXT = Array.from({ length: ITEMS }, (_, number) => `${JSON.stringify({ number })}\n`).join("");

/** Starts the program under the runtime that runs this test. */
function start(stdin: "pipe" | number, ...args: string[]) {
  const run = process.versions.bun ? ["run", PROGRAM] : ["run", "-A", PROGRAM];
  const child = spawn(process.execPath, [...run, ...args], { stdio: [stdin, "pipe", "inherit"] });
  const printed = new Promise<{ items: number; resumed: boolean }>((resolve, reject) => {
    let text = "";
    child.stdout!.on("data", (some) => text += some);
    child.on("error", reject);
    child.on("close", () => resolve(JSON.parse(text)));
  });
  return { child, printed };
}

describe("ndjson() of standard input", () => {
  it("reads a file to its end", async () => {
    const path = join(directory, "input.ndjson");
    writeFileSync(path, TEXT);
    assert.deepEqual(await start(openSync(path, "r")).printed, { items: ITEMS, resumed: false });
  });

  it("reads what another process pipes in, however it cuts it", async () => {
    const { child, printed } = start("pipe");
    for (let at = 0; at < TEXT.length; at += 10_007) child.stdin!.write(TEXT.slice(at, at + 10_007));
    child.stdin!.end();
    assert.equal((await printed).items, ITEMS);
  });

  it("ends at once when there is nothing", async () => {
    const { child, printed } = start("pipe");
    child.stdin!.end();
    assert.equal((await printed).items, 0);
  });

  it("isn't kept alive by a silent pipe once it is closed", async () => {
    const { child, printed } = start("pipe", "close");
    child.stdin!.write('{"number":1}\n');
    assert.equal((await printed).items, 1); // the pipe is still open
    child.stdin!.end();
  });
});
