/**
 * `--devices` devices and no service up for `--seconds`: whether memory stays flat, and how long it takes until every
 * device is done once the service has come. Nobody has to do anything for it.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { residentMemoryBytes } from "../../src/platform/mod.ts";
import { databaseOf, openDispatch } from "./dispatch/factory.ts";
import { Mock, ownPort } from "./dispatch/mock.ts";
import { OrderBook } from "./dispatch/order_book.ts";
import { checkRows } from "./dispatch/rows.ts";
import { flags, median, report, rounded, sleepSeconds } from "./measure.ts";

/** How much more memory the last third of the outage may take than the first, by its size: caches, not a leak. */
const WANTED = 1.1;

/** Until every device has got its worker and its place to wait. */
const SETTLING_SECONDS = 2;

/** Longest wait for all devices once the service is there. */
const PATIENCE_SECONDS = 60;

const { devices, seconds, inFlight, workshops } = flags({
  devices: 10_000,
  seconds: 15,
  inFlight: 10_000,
  workshops: 2,
});
const folder = mkdtempSync(join(tmpdir(), "shopfloor-dispatch-"));
let mock: Mock | undefined;
try {
  const port = ownPort();
  const url = `http://127.0.0.1:${port}`;
  const book = new OrderBook(undefined, devices);
  const options = { raw: [url], compute: [url], folder, inFlight, threads: workshops, book };
  const factory = await openDispatch(options);
  await sleepSeconds(Math.min(SETTLING_SECONDS, seconds));
  const memory: number[] = [];
  for (const endsAt = performance.now() + seconds * 1_000; performance.now() < endsAt;) {
    memory.push(residentMemoryBytes());
    await sleepSeconds(0.1);
  }
  const problems = book.done === 0 ? [] : [`${book.done} businesses without a service`];
  const startedAt = performance.now();
  mock = await Mock.start({ port });
  const finished = await Promise.race([factory.finished, sleepSeconds(PATIENCE_SECONDS)]);
  const recoveryMs = performance.now() - startedAt;
  await factory.close();
  if (finished === undefined) {
    problems.push(`${book.done} of ${devices} devices within ${PATIENCE_SECONDS} s`);
  }
  const found = checkRows(databaseOf(folder), devices);
  const third = Math.ceil(memory.length / 3);
  const growth = median(memory.slice(-third)) / median(memory.slice(0, third));
  report("dispatch_outage", {
    devices,
    workshops,
    seconds,
    memoryMb: [memory[0], median(memory), memory.at(-1)!].map((bytes) => rounded(bytes / 1e6)),
    growth: rounded(growth, 3),
    recoveryMs: rounded(recoveryMs),
    rows: found.rows,
  }, {
    problems: [...problems, ...found.problems],
    missed: growth > WANTED ? [`memory grew to ${rounded(growth, 3)} of itself, wanted ${WANTED}`] : [],
  });
} finally {
  await mock?.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
