import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";
import { type Client, client } from "../../src/control/client.ts";
import { type ControlServer, openControl } from "../../src/control/mod.ts";
import { type Factory, openFactory } from "../../src/headquarters/mod.ts";
import { HOSTILE } from "./hostile.ts";

/** Every hostile text as a key with every other as a value, and one item of each key that is given up. */
const items = HOSTILE.flatMap((device, i) => [
  { device, note: HOSTILE[(i + 7) % HOSTILE.length], refused: false },
  { device, note: device, refused: true },
]);

describe("hostile keys and values in a whole factory", () => {
  const data = mkdtempSync(join(tmpdir(), "shopfloor-hostile-"));
  let factory: Factory | undefined;
  let server: ControlServer | undefined;
  let remote: Client;
  let url: string;

  before(async () => {
    factory = await openFactory(new URL("./blueprints/echoing.ts", import.meta.url), { data, workshops: 2 });
    server = await openControl(factory, { port: 0 });
    url = server.url;
    remote = client(url);
  });
  after(async () => {
    await server?.close();
    await factory?.close();
    rmSync(data, { recursive: true, force: true });
  });

  it("come out of the stream of products as they went in, each as one event", async () => {
    const wanted = new Set(
      items.filter(({ refused }) => !refused).map(({ device, note }) => `${device} ${note}`),
    );
    const tap = remote.tap("echo")[Symbol.asyncIterator]();
    let event = tap.next();
    // Products that are shipped before the tap is open are nobody's: the push waits for it.
    await untilOpen(url);
    const pushed = remote.push(items, { committed: true });
    while (wanted.size > 0) {
      const { key, product } = (await event).value;
      assert.equal((product as { device: string }).device, key);
      assert.ok(
        wanted.delete(`${key} ${(product as { note: string }).note}`),
        JSON.stringify([key, product]),
      );
      if (wanted.size > 0) event = tap.next();
    }
    await tap.return?.();
    assert.deepEqual(await pushed, { accepted: items.length, rejected: [] });
  });

  it("are found on the roster, and name nobody else", async () => {
    const keys = HOSTILE.filter((key) => key.isWellFormed()); // a lone surrogate has no URL
    for (const key of keys) {
      assert.equal((await remote.worker(key))?.key, key);
      const { workers } = await remote.workers({ prefix: key, limit: 1_000 });
      assert.deepEqual(
        workers.map((worker) => worker.key).sort(),
        HOSTILE.filter((other) => other.startsWith(key)).sort(),
      );
    }
  });

  it("leave no trace in metrics, page or reference", async () => {
    const metrics = await remote.metrics();
    for (const line of metrics.split("\n").filter(Boolean)) {
      assert.match(line, /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{.*\})? [\d.e+-]+|[a-z_]+(\{.*\})? NaN)$/i);
    }
    const pages = await Promise.all(
      ["/", "/docs"].map(async (path) => await (await fetch(url + path)).text()),
    );
    for (const text of [metrics, ...pages]) {
      for (const hostile of HOSTILE.filter((text) => /[<'"\n$]/.test(text))) {
        assert.ok(!text.includes(hostile));
      }
    }
  });

  it("are dead letters like others: read, cursored, forgotten by their ids alone", async () => {
    const { deadLetters, total } = await remote.deadLetters({ limit: 1_000 });
    assert.equal(total, HOSTILE.length);
    assert.deepEqual(deadLetters.map(({ key }) => key).sort(), [...HOSTILE].sort());
    for (const { key, item } of deadLetters) {
      assert.deepEqual(item, { device: key, note: key, refused: true });
    }
    for (const cursor of HOSTILE.map((text) => encodeURIComponent(text.toWellFormed()))) {
      const { status } = await fetch(`${url}/v1/dead-letters?cursor=${cursor}`);
      assert.ok(status < 500, `${cursor}: ${status}`);
      const { status: roster } = await fetch(`${url}/v1/workers?cursor=${cursor}`);
      assert.ok(roster < 500, `${cursor}: ${roster}`);
      const { status: purge } = await fetch(`${url}/v1/dead-letters?ids=${cursor}`, {
        method: "DELETE",
      });
      assert.ok(purge < 500, `${cursor}: ${purge}`);
    }
    assert.equal((await remote.deadLetters()).total, HOSTILE.length);
    assert.equal(await remote.purgeDeadLetters([deadLetters[0].id]), 1);
  });

  it("are rows of the store's tables, which are all there", async () => {
    await remote.checkpoint();
    const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
    try {
      const rows = database.prepare("SELECT _key, note FROM product_echo").all();
      assert.equal(rows.length, HOSTILE.length);
      assert.equal(database.prepare("SELECT count(*) AS n FROM dead_letters").get()!.n, HOSTILE.length - 1);
    } finally {
      database.close();
    }
  });
});

/** The metrics tell how many streams are open. The tap itself is open a moment after. */
async function untilOpen(url: string): Promise<void> {
  const open = /^shopfloor_http_streams 1$/m;
  while (!open.test(await (await fetch(`${url}/metrics`)).text())) {
    await new Promise((next) => setTimeout(next, 10));
  }
  await new Promise((next) => setTimeout(next, 300));
}
