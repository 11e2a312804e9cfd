import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { query } from "../store/scratch.ts";
import { post, serve } from "./served.ts";

const BLUEPRINT = new URL("./blueprints/ledger.ts", import.meta.url);
const root = mkdtempSync(join(tmpdir(), "shopfloor-admission-"));
const fresh = () => mkdtempSync(join(root, "data-"));
after(() => rmSync(root, { recursive: true, force: true }));

interface Entry {
  account: string;
  entry: number;
}

let numbered = 0;

/** `count` entries that nobody else has. */
function entries(count: number): Entry[] {
  return Array.from({ length: count }, () => ({ account: `account ${numbered % 7}`, entry: ++numbered }));
}

/** How often each entry was booked. */
function bookings(data: string): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { entry } of query(data, "SELECT entry FROM product_booking")) {
    counts.set(Number(entry), (counts.get(Number(entry)) ?? 0) + 1);
  }
  return counts;
}

/** The balances that the workers were left with, by account. */
function balances(data: string): Map<string, number> {
  const rows = query(data, "SELECT key, state FROM worker_state");
  return new Map(rows.map(({ key, state }) => [String(key), JSON.parse(String(state)).balance]));
}

/** What a plain loop makes of entries. */
function booked(all: readonly Entry[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { account, entry } of all) sums.set(account, (sums.get(account) ?? 0) + entry);
  return sums;
}

describe("POST /v1/materials into a durable factory", () => {
  it("has everything that was answered take effect once, however often the process is killed", async () => {
    const data = fresh();
    const args = ["--data", data, "--epoch-ms", "100", "--workshops", "2"];
    const named: { key: string; items: Entry[] }[] = [];
    const answered: Entry[] = [];
    const unanswered: Entry[] = [];
    for (let life = 0; life < 4; life++) {
      const factory = await serve(BLUEPRINT, args);
      // Under the old names nothing is new, whether the first of the name was answered or not.
      for (const { key, items } of named) assert.equal(await post(factory.url, items, { key }), 202);
      let alive = true;
      const clients = [0, 1, 2].map(async (client) => {
        for (let request = 0; alive; request++) {
          const items = entries(20 + 300 * client);
          const key = request % 2 === 0 ? `life ${life}, client ${client}, request ${request}` : undefined;
          if (key) named.push({ key: key.replaceAll(/[ ,]/g, "-"), items });
          const status = await post(factory.url, items, { key: key?.replaceAll(/[ ,]/g, "-") });
          if (key === undefined) (status === 202 ? answered : unanswered).push(...items);
        }
      });
      await new Promise((resolve) => setTimeout(resolve, 250 + 90 * life));
      alive = false;
      await factory.kill();
      await Promise.all(clients);
    }
    const last = await serve(BLUEPRINT, args);
    for (const { key, items } of named) {
      assert.equal(await post(last.url, items, { key, committed: true }), 200);
    }
    assert.equal(await last.drain(), 0);
    const counts = bookings(data);
    const certain = [...named.flatMap(({ items }) => items), ...answered];
    assert.ok(answered.length > 0 && certain.length > 2_000, "the clients came to nothing");
    for (const { entry } of certain) assert.equal(counts.get(entry), 1, `entry ${entry}`);
    const taken = unanswered.filter(({ entry }) => counts.has(entry));
    for (const { entry } of taken) {
      assert.equal(counts.get(entry), 1, `entry ${entry}, of which nobody was told`);
    }
    assert.equal(counts.size, certain.length + taken.length);
    assert.deepEqual(balances(data), booked([...certain, ...taken]));
    assert.deepEqual(query(data, "SELECT count(*) AS n FROM dead_letters"), [{ n: 0 }]);
  });

  it("takes a body once that a client has broken off and sends again", async () => {
    const data = fresh();
    const factory = await serve(BLUEPRINT, ["--data", data, "--epoch-ms", "100", "--workshops", "1"]);
    const items = entries(5_000);
    const lines = items.map((item) => `${JSON.stringify(item)}\n`);
    await breakOff(factory.url, lines.slice(0, 3_333).join(""), "upload");
    assert.equal(await post(factory.url, items, { key: "upload", committed: true }), 200);
    assert.equal(await post(factory.url, items, { key: "upload" }), 202);
    assert.equal(await post(factory.url, items.slice(1), { key: "upload" }), 422);
    assert.equal(await factory.drain(), 0);
    const counts = bookings(data);
    assert.equal(counts.size, items.length);
    for (const { entry } of items) assert.equal(counts.get(entry), 1);
  });

  it("replays dead letters once, however often the process is killed", async () => {
    const data = fresh();
    const args = ["--data", data, "--epoch-ms", "200", "--workshops", "1"];
    const sick = await serve(BLUEPRINT, args);
    const odd = entries(500).map(({ account, entry }) => ({ account, entry: -entry }));
    assert.equal(await post(sick.url, odd, { committed: true }), 200);
    await sick.kill();
    for (const lifeMs of [5, 60, 250]) {
      const factory = await serve(BLUEPRINT, [...args, "--settings", "cured=1"]);
      const replay = fetch(`${factory.url}/v1/dead-letters/replay`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      }).then((response) => response.text(), () => undefined);
      await new Promise((resolve) => setTimeout(resolve, lifeMs));
      await factory.kill();
      await replay;
    }
    const healthy = await serve(BLUEPRINT, [...args, "--settings", "cured=1"]);
    const replayed = await fetch(`${healthy.url}/v1/dead-letters/replay`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    assert.equal(replayed.status, 200);
    await replayed.text();
    assert.equal(await healthy.drain(), 0);
    const counts = bookings(data);
    for (const { entry } of odd) assert.equal(counts.get(entry), 1, `entry ${entry}`);
    assert.equal(counts.size, odd.length);
    assert.deepEqual(query(data, "SELECT count(*) AS n FROM dead_letters"), [{ n: 0 }]);
  });
});

/** Begins to send a body, and goes away in the middle of it. */
function breakOff(url: string, part: string, key: string): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.on("error", reject);
    socket.on("close", () => resolve());
    socket.write(
      `POST /v1/materials HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/x-ndjson\r\n` +
        `Idempotency-Key: ${key}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    socket.write(`${part.length.toString(16)}\r\n${part}\r\n`, () => {
      setTimeout(() => socket.destroy(), 300); // long enough for portions of it to be taken
    });
  });
}
