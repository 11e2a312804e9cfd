import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type Average, plainLoop, readings } from "./readings.ts";

const ITEMS = 20_000;
const DEVICES = 200;
const PROGRAM = fileURLToPath(new URL("../../mod.ts", import.meta.url));
const BLUEPRINT = fileURLToPath(new URL("./blueprints/mortal.ts", import.meta.url));

/** Sets of accidents: where, how, and at which reading at the earliest. */
const CASES: readonly string[] = [
  "workshop throws 3000,workshop rejects 9000",
  "workshop ends 5000",
  "workshop spins 5000",
  "procurement throws 5000",
  "procurement ends 5000",
  "transport throws 3000,transport rejects 9000",
  "transport ends 5000",
];

describe("a factory whose Web Workers die", () => {
  for (const accidents of CASES) {
    it(`goes on without the process ending, and is exact: ${accidents}`, () =>
      inDirectory(async (directory) => {
        const { items, scratch, data, code, errors } = await live(directory, accidents);
        assert.equal(code, 0, errors);
        const happened = readdirSync(scratch).toSorted();
        assert.deepEqual(happened, accidents.split(",").map((text) => text.replaceAll(" ", "-")).toSorted());
        check(data, items);
      }));
  }

  for (const how of ["spins", "throws"]) {
    it(`fails clearly when they die again and again, and the process ends: workshop ${how}`, () =>
      inDirectory(async (directory) => {
        const { scratch, data, code, errors } = await live(directory, `workshop ${how} 5000 always`);
        assert.equal(code, 1, errors);
        assert.match(errors, /workshop \d failed: .*it can't be replaced: /);
        assert.doesNotMatch(errors, /^\s+at /m, "no stack");
        assert.equal(readdirSync(scratch).length, 1);
        const rows = read(data);
        const averages = Map.groupBy(rows, ({ device }) => device);
        const expected = plainLoop(readings(ITEMS, DEVICES));
        for (const [device, list] of averages) {
          assert.deepEqual(list, expected.get(device)!.slice(0, list.length));
        }
      }));
  }
});

/** Runs the factory over the same readings as always. */
async function live(directory: string, accidents: string) {
  const input = join(directory, "readings.ndjson");
  const items = [...readings(ITEMS, DEVICES)];
  writeFileSync(input, items.map((item) => `${JSON.stringify(item)}\n`).join(""));
  const scratch = join(directory, "scratch");
  mkdirSync(scratch);
  const data = join(directory, "data");
  const { code, errors } = await run([
    ...["run", BLUEPRINT, "--input", input, "--data", data, "--epoch-ms", "50", "--workshops", "2"],
    ...["--rate-per-second", "12000", "--heartbeat-ms", "600"],
    ...["--settings", `accidents=${accidents}`, "--settings", `scratch=${scratch}`],
  ]);
  return { items, scratch, data, code, errors };
}

async function inDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "shopfloor-deaths-"));
  try {
    await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function check(data: string, items: Parameters<typeof plainLoop>[0]): void {
  const rows = read(data);
  const averages = Map.groupBy(rows, ({ device }) => device);
  for (const [device, list] of plainLoop(items)) assert.deepEqual(averages.get(device), list);
  assert.equal(rows.length, ITEMS);
}

function read(data: string): Average[] {
  const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
  const rows = database.prepare("SELECT device, at, mean, count FROM product_average ORDER BY rowid").all();
  database.close();
  return rows.map((row) => ({ ...row }) as unknown as Average);
}

/** Runs the program; resolves to its exit code and what it said. */
function run(args: string[]): Promise<{ code: number | null; errors: string }> {
  const runtime = process.versions.bun ? ["run"] : ["run", "-A"];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...runtime, PROGRAM, ...args], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (text) => errors += text);
    const timer = setTimeout(() => process.kill(child.pid!, "SIGKILL"), 40_000);
    child.on("error", reject);
    child.on("exit", (code) => {
      clearTimeout(timer);
      resolve({ code, errors });
    });
  });
}
