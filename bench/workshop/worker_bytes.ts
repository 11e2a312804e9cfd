/**
 * What a live worker takes up beyond its own state, garbage collected: `deno run -A bench/workshop/worker_bytes.ts
 * --workers 1000000`, or `bun run …`. Prints one JSON line. Runs itself again with the flag that lets a program call
 * the garbage collector.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { hashKey, systemClock } from "../../src/core/mod.ts";
import { runtimeName } from "../../src/platform/mod.ts";
import { Contracts } from "../../src/workshop/contract.ts";
import { Roster } from "../../src/workshop/roster.ts";
import { staffOf } from "../../src/workshop/worker.ts";
import { flags, report, rounded } from "../scenarios/measure.ts";

const { workers } = flags({ workers: 1_000_000 });
const { gc } = globalThis as { gc?: () => void };
if (gc) measure(gc);
else {
  const own = [fileURLToPath(import.meta.url), "--workers", String(workers)];
  const args = runtimeName() === "bun"
    ? ["--expose-gc", "run", ...own]
    : ["run", "-A", "--quiet", "--v8-flags=--expose-gc", ...own];
  process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
}

function measure(collect: () => void): void {
  const Employed = staffOf({ clock: systemClock, ring() {} });
  const contracts = new Contracts({}, Date.now());
  const roster = new Roster();
  const keys = bytesOf(() =>
    Array.from({ length: workers }, (_, index) => Buffer.from(`visitor-${index}`).toString())
  );
  const hired = bytesOf(() => {
    for (const key of keys.made) {
      const worker = new Employed({ key, hash: hashKey(key), state: null });
      contracts.sign(roster.add(worker), Date.now());
    }
  });
  const each = (bytes: number) => rounded(bytes / workers);
  report("worker_bytes", {
    workers: roster.size,
    bytesPerKey: each(keys.bytes),
    bytesPerWorker: each(hired.bytes),
  }, { problems: roster.size === workers ? [] : [`${roster.size} hired`] });

  function bytesOf<T>(make: () => T): { made: T; bytes: number } {
    collectAll();
    const before = heldBytes();
    const made = make();
    collectAll();
    return { made, bytes: heldBytes() - before };
  }

  /** Array buffers that one collection finds are counted out by the next. */
  function collectAll(): void {
    for (let round = 0; round < 3; round++) collect();
  }
}

/** Objects and array buffers. JavaScriptCore counts the latter with its heap, and V8 beside it. */
function heldBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return runtimeName() === "bun" ? heapUsed : heapUsed + external;
}
