/**
 * Three compute servers, of which one becomes `--factor` times as slow: what is done by then, and what before. One run
 * has both, `--rounds` times in turn, so that the machine is the same.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { databaseOf, openDispatch } from "./dispatch/factory.ts";
import { Mock } from "./dispatch/mock.ts";
import { OrderBook } from "./dispatch/order_book.ts";
import { checkRows } from "./dispatch/rows.ts";
import { flags, median, report, rounded, sleepSeconds } from "./measure.ts";

/** Of the healthy throughput, wanted with a slow server. */
const WANTED = 0.85;

/** Until the clients have found out that a server has changed. */
const SETTLING_SECONDS = 0.5;

const { seconds, warm, rounds, factor, latency, inFlight, workshops } = flags({
  seconds: 1.5,
  warm: 2,
  rounds: 5,
  factor: 20,
  latency: 5,
  inFlight: 30, // few, so that it is the services' time that counts and not the machine's
  workshops: 2,
});
const folder = mkdtempSync(join(tmpdir(), "shopfloor-dispatch-"));
const mocks: Mock[] = [];
try {
  for (let count = 0; count < 4; count++) mocks.push(await Mock.start({ latencyMs: latency }));
  const [data, slow, ...others] = mocks;
  const book = new OrderBook();
  const compute = [slow, ...others].map(({ url }) => url);
  const factory = await openDispatch({
    raw: [data.url],
    compute,
    folder,
    inFlight,
    threads: workshops,
    book,
  });
  await sleepSeconds(warm);
  const speeds: { healthy: number; slowed: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const healthy = await speed(book);
    await slow.slow(latency * factor);
    await sleepSeconds(SETTLING_SECONDS);
    speeds.push({ healthy, slowed: await speed(book) });
    await slow.slow(latency);
    await sleepSeconds(SETTLING_SECONDS);
  }
  book.close();
  const { products } = await factory.finished;
  await factory.close();
  const share = median(speeds.map(({ healthy, slowed }) => slowed / healthy));
  const { rows, problems } = checkRows(databaseOf(folder), products.result);
  report("dispatch_slow", {
    factor,
    inFlight,
    workshops,
    healthyPerSecond: rounded(median(speeds.map(({ healthy }) => healthy))),
    slowedPerSecond: rounded(median(speeds.map(({ slowed }) => slowed))),
    share: rounded(share, 3),
    rows,
  }, { problems, missed: share < WANTED ? [`a share of ${rounded(share, 3)}, wanted ${WANTED}`] : [] });
} finally {
  await Promise.all(mocks.map((mock) => mock.stop()));
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

/** Businesses a second. */
async function speed(book: OrderBook): Promise<number> {
  const startedAt = performance.now();
  const before = book.done;
  await sleepSeconds(seconds);
  return (book.done - before) / ((performance.now() - startedAt) / 1_000);
}
