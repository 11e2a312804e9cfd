/**
 * Chaos at the door: clients whose factory is killed again and again, who send each request until it is answered,
 * and some of them once more.
 *
 * @module
 */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomFrom } from "../../src/testing/virtual_clock.ts";
import { query } from "../store/scratch.ts";
import { post, serve } from "../system/served.ts";
import type { ChaosOptions } from "./chaos.ts";

const BLUEPRINT = new URL("../system/blueprints/ledger.ts", import.meta.url);
const CLIENTS = 3;
const ACCOUNTS = 7;

/** Longest life of a factory, and longest pause of a client. */
const LIFE_MS = 1_000;
const CALM_MS = 60;

/** Requests that are sent once more in the end, at a time. */
const AT_ONCE = 64;

/** A request with a name of its own. */
interface Request {
  readonly key: string;
  readonly items: readonly { account: string; entry: number }[];
}

/** Lives through it, and compares. @throws {Error} naming the seed; the data directory then stays */
export async function pushes({ kills, seed, say }: ChaosOptions): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), "shopfloor-chaos-pushes-"));
  const args = ["--data", data, "--epoch-ms", "50", "--workshops", "2"];
  const random = randomFrom(seed);
  const sent: Request[] = [];
  const open: (Request | undefined)[] = Array(CLIENTS).fill(undefined);
  try {
    for (let kill = 0; kill < kills; kill++) {
      const factory = await serve(BLUEPRINT, args);
      let alive = true;
      const clients = open.map(async (_, client) => {
        while (alive) {
          const request = open[client] ??= fresh(sent, 1 + Math.floor(random() * 600));
          const status = await post(factory.url, request.items, { key: request.key });
          if (status === 202) open[client] = undefined;
          else if (status !== undefined && status !== 429) throw new Error(`${request.key}: ${status}`);
          await sleep(random() * CALM_MS);
          if (random() < 0.3) await repeat(factory.url, sent[Math.floor(random() * sent.length)]);
        }
      });
      await sleep(random() * LIFE_MS);
      alive = false;
      await factory.kill();
      await Promise.all(clients);
      say(`pushes, kill ${kill + 1} of ${kills}: ${sent.length} requests`);
    }
    const last = await serve(BLUEPRINT, args);
    for (let first = 0; first < sent.length; first += AT_ONCE) {
      await Promise.all(
        sent.slice(first, first + AT_ONCE).map(async ({ key, items }) => {
          assert.equal(await post(last.url, items, { key, committed: true }), 200, key);
        }),
      );
    }
    assert.equal(await last.drain(), 0);
    check(data, sent);
    rmSync(data, { recursive: true, force: true });
  } catch (cause) {
    throw new Error(`pushes, ${kills} kills, seed ${seed}: ${(cause as Error).message} (see ${data})`, {
      cause,
    });
  }
}

/** A request that nobody has sent yet. */
function fresh(sent: Request[], count: number): Request {
  const first = sent.reduce((sum, { items }) => sum + items.length, 1);
  const items = Array.from({ length: count }, (_, index) => first + index)
    .map((entry) => ({ account: `account ${entry % ACCOUNTS}`, entry }));
  const request = { key: `request-${sent.length}`, items };
  sent.push(request);
  return request;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function repeat(url: string, { key, items }: Request): Promise<void> {
  const status = await post(url, items, { key });
  // 409: the client that it belongs to is sending it at this moment.
  if (status !== undefined && ![202, 409, 429].includes(status)) {
    throw new Error(`${key}, repeated: ${status}`);
  }
}

function check(data: string, sent: readonly Request[]): void {
  const wanted = sent.flatMap(({ items }) => items.map(({ entry }) => entry));
  const found = query(data, "SELECT entry FROM product_booking ORDER BY entry").map(({ entry }) =>
    Number(entry)
  );
  assert.deepEqual(found, wanted);
  const sums = new Map<string, number>();
  for (const { account, entry } of sent.flatMap(({ items }) => items)) {
    sums.set(account, (sums.get(account) ?? 0) + entry);
  }
  const states = query(data, "SELECT key, state FROM worker_state");
  const balances = new Map(states.map(({ key, state }) => [String(key), JSON.parse(String(state)).balance]));
  assert.deepEqual(balances, sums);
}
