import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Average, plainLoop, readings } from "../system/readings.ts";
import { PostgresServer } from "./postgres_server.ts";
import { scratchDirectory } from "./scratch.ts";

const ITEMS = 12_000;
const DEVICES = 200;
const PROGRAM = fileURLToPath(new URL("../../mod.ts", import.meta.url));
const BLUEPRINT = fileURLToPath(new URL("./blueprints/postgres_averages.ts", import.meta.url));

const scratch = scratchDirectory();
let server: PostgresServer;
before(async () => void (server = await PostgresServer.start()));
after(() => server.end());

/** Runs the program; resolves to its exit code, or null if it was killed. */
function run(args: string[], { killAfterMs }: { killAfterMs?: number } = {}): Promise<number | null> {
  const runtime = process.versions.bun ? ["run"] : ["run", "-A"];
  const { host, user, database } = server;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...runtime, PROGRAM, "run", BLUEPRINT, ...args], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, PGHOST: host, PGUSER: user, PGDATABASE: database },
    });
    const timer = killAfterMs && setTimeout(() => process.kill(child.pid!, "SIGKILL"), killAfterMs);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      resolve(signal ? null : code);
    });
  });
}

describe("a factory that writes into PostgreSQL", () => {
  it("has every product there once and in order, though both are killed again and again", async () => {
    const items = [...readings(ITEMS, DEVICES)];
    const input = join(scratch, "readings.ndjson");
    writeFileSync(input, items.map((item) => `${JSON.stringify(item)}\n`).join(""));
    const args = ["--input", input, "--data", join(scratch, "data"), "--epoch-ms", "40"];
    const slow = [...args, "--rate-per-second", "5000"];
    let killed = 0;
    for (const [killAfterMs, serverAfterMs] of [[700, 2_000], [900, 600], [1_100, 900], [1_000, 2_000]]) {
      const ended = run(slow, { killAfterMs });
      await Promise.race([ended, sleep(serverAfterMs)]);
      if (serverAfterMs < killAfterMs) {
        await server.kill();
        await sleep(50);
        await server.resume();
      }
      if (await ended === null) killed++;
    }
    assert.ok(killed >= 2, `only ${killed} of 4 runs were killed`);
    assert.equal(await run(args), 0);
    assert.equal(await run(args), 0); // nothing is left to do

    const rows = await server.query(
      "SELECT device, at, mean, count::int FROM product_average ORDER BY count",
    );
    assert.equal(rows.length, items.length);
    const averages = Map.groupBy(rows as unknown as Average[], ({ device }) => device);
    for (const [device, list] of plainLoop(items)) assert.deepEqual(averages.get(device), list);
  });
});
