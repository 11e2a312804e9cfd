import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type Average, plainLoop, readings } from "./readings.ts";

const ITEMS = 12_000;
const DEVICES = 200;
const KILLS = 5;
const PROGRAM = fileURLToPath(new URL("../../mod.ts", import.meta.url));

for (const blueprint of ["../../examples/thermometers.ts", "./blueprints/restless.ts"]) {
  describe(`a factory of ${blueprint} whose process is killed again and again`, () => {
    it("goes on where the last commit was: each key's products are those of an undisturbed run", async () => {
      const directory = mkdtempSync(join(tmpdir(), "shopfloor-"));
      try {
        const input = join(directory, "readings.ndjson");
        const items = [...readings(ITEMS, DEVICES)];
        writeFileSync(input, items.map((item) => `${JSON.stringify(item)}\n`).join(""));
        const data = join(directory, "data");
        const path = fileURLToPath(new URL(blueprint, import.meta.url));
        const args = ["run", path, "--input", input, "--data", data, "--epoch-ms", "40"];
        let killed = 0;
        for (let kill = 0; kill < KILLS; kill++) {
          const code = await run([...args, "--rate-per-second", "6000"], { killAfterMs: 350 + 170 * kill });
          if (code === null) killed++;
        }
        assert.ok(killed >= 3, `only ${killed} of ${KILLS} runs were killed`);
        assert.equal(await run(args, {}), 0);
        assert.equal(await run(args, {}), 0); // nothing is left to do
        check(data, items);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    });
  });
}

function check(
  data: string,
  items: ReturnType<typeof readings> extends Generator<infer T> ? T[] : never,
): void {
  const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
  const rows = database.prepare("SELECT device, at, mean, count FROM product_average ORDER BY rowid").all();
  const averages = Map.groupBy(rows as unknown as Average[], ({ device }) => device);
  const expected = plainLoop(items);
  assert.equal(rows.length, items.length);
  for (const [device, list] of expected) {
    assert.deepEqual(averages.get(device)?.map((row) => ({ ...row })), list);
  }
  const reminders = database.prepare("SELECT name FROM sqlite_schema WHERE name = 'product_reminder'").get()
    ? database.prepare("SELECT device FROM product_reminder").all()
    : undefined;
  database.close();
  if (!reminders) return;
  // Each device has been seen three times; its timer rang once, however often the process died meanwhile.
  assert.deepEqual(
    reminders.map(({ device }) => device).toSorted(),
    [...expected].filter(([, list]) => list.length >= 3).map(([device]) => device).toSorted(),
  );
}

/** Runs the program; resolves to its exit code, or null if it had to be killed. */
function run(args: string[], { killAfterMs }: { killAfterMs?: number }): Promise<number | null> {
  const runtime = process.versions.bun ? ["run"] : ["run", "-A"];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...runtime, PROGRAM, ...args], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const timer = killAfterMs && setTimeout(() => process.kill(child.pid!, "SIGKILL"), killAfterMs);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      resolve(signal ? null : code);
    });
  });
}
