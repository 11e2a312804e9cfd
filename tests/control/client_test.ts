import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { afterEach, beforeEach, describe, it } from "node:test";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { BusyError } from "../../src/core/mod.ts";
import { type Client, client, ControlError } from "../../src/control/client.ts";
import { type ControlServer, openControl } from "../../src/control/mod.ts";
import { runtimeName } from "../../src/platform/mod.ts";
import { FakeFactory } from "./fake_factory.ts";

const good = (device: string) => ({ device, celsius: 20 });

const refused = (status: number, code: string) => (error: unknown) => {
  assert.ok(error instanceof ControlError, String(error));
  assert.deepEqual([error.status, error.code], [status, code]);
  return true;
};

describe("client()", () => {
  let factory: FakeFactory;
  let server: ControlServer;
  let remote: Client;
  beforeEach(async () => {
    factory = new FakeFactory();
    server = await openControl(factory, { port: 0, token: "all", readToken: "look" });
    remote = client(server.url, { token: "all" });
  });
  afterEach(() => server.close());

  it("asks what the factory itself would answer", async () => {
    factory.inspect();
    factory.admitted.push({ device: "a" });
    assert.deepEqual(await remote.status(), await factory.status());
    assert.deepEqual(await remote.lines(), await factory.lines());
    assert.deepEqual(await remote.workshops(), await factory.workshops());
    assert.deepEqual(await remote.workers(), await factory.workers());
    assert.deepEqual(await remote.procurement(), await factory.procurement());
    assert.deepEqual(await remote.warehouse(), await factory.warehouse());
    assert.deepEqual(await remote.latestInspection(), factory.latestInspection());
    assert.deepEqual(await remote.deadLetters({ limit: 1 }), await factory.deadLetters({ limit: 1 }));
    assert.match(await remote.metrics(), /^shopfloor_epoch_committed 7$/m);
  });

  it("steers the factory", async () => {
    assert.equal((await remote.pause()).state, "paused");
    assert.equal((await remote.resume()).state, "open");
    assert.equal((await remote.scale(4)).workshops, 4);
    assert.equal((await remote.setRate(7)).ratePerSecond, 7);
    assert.equal((await remote.setRate(null)).ratePerSecond, null);
    assert.equal(await remote.checkpoint(), 8);
    assert.equal(await remote.replayDeadLetters([1, 2]), 0);
    assert.equal(await remote.replayDeadLetters(), 0);
    assert.equal(await remote.purgeDeadLetters([3]), 0);
    assert.equal(await remote.purgeDeadLetters(), 0);
    assert.equal((await remote.drain()).name, "thermometers");
    assert.deepEqual(factory.calls, [
      "pause",
      "resume",
      "scale 4",
      "setRate 7",
      "setRate null",
      "checkpoint",
      "replay 1,2",
      "replay all",
      "purge 3",
      "purge all",
      "drain",
    ]);
  });

  it("pushes items, once for each name", async () => {
    const items = [good("a"), { celsius: 1 }, good("b")];
    const admission = await remote.push(items, { committed: true, idempotencyKey: "k" });
    assert.deepEqual(admission, {
      accepted: 2,
      rejected: [{ index: 1, errors: ["device: expected a string"] }],
    });
    assert.deepEqual(await remote.push(items, { idempotencyKey: "k" }), admission);
    assert.equal(factory.admitted.length, 2);
    await assert.rejects(
      remote.push([good("c")], { idempotencyKey: "k" }),
      refused(422, "IDEMPOTENCY_CONFLICT"),
    );
  });

  it("finds workers of any key, and knows those that are not hired", async () => {
    const unit = fc.oneof(
      fc.constantFrom(..."/%?#&+;=:@. \n\\\"'$é😀"),
      fc.constantFrom("%2F", "..", "$&", ":key"),
    );
    // URLs themselves take "." and ".." for a way up, and an empty key names the roster.
    const key = fc.string({ unit, minLength: 1 }).filter((text) => text !== "." && text !== "..");
    await fc.assert(
      fc.asyncProperty(key, async (key) => {
        factory.admitted.splice(0, Infinity, good(key));
        assert.equal((await remote.worker(key))?.key, key);
        assert.equal(await remote.worker(`${key}?`), undefined);
        assert.equal(await remote.dismiss(key), true);
        assert.equal(await remote.dismiss(`not ${key}`), false);
      }),
      { numRuns: 50 },
    );
  });

  it("pages through the roster, with a query of numbers", async () => {
    for (const device of ["a1", "b1", "a2", "a3"]) factory.admitted.push(good(device));
    const keys: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await remote.workers({ prefix: "a", limit: 2, cursor });
      keys.push(...page.workers.map((worker) => worker.key));
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined);
    assert.deepEqual(keys, ["a1", "a2", "a3"]);
  });

  it("streams products until the loop is left", async () => {
    for (const end of ["break", "signal"]) {
      const stop = new AbortController();
      const seen: unknown[] = [];
      const shipping = setInterval(() => factory.ship("alarm", { key: "a\n\nb", product: "data: x\n\n" }), 5);
      for await (const event of remote.tap("alarm", { key: "a\n\nb", signal: stop.signal })) {
        seen.push(event.product);
        if (seen.length < 3) continue;
        if (end === "break") break;
        stop.abort();
      }
      clearInterval(shipping);
      assert.deepEqual(seen.slice(0, 3), ["data: x\n\n", "data: x\n\n", "data: x\n\n"]);
      await until(() => factory.tapped.listeners === 0);
    }
  });

  it("streams inspections until the factory closes", async () => {
    factory.inspect();
    const seen: number[] = [];
    for await (const { at } of remote.inspections()) {
      seen.push(at);
      if (seen.length === 1) await until(() => factory.inspected.listeners === 1);
      if (seen.length < 3) factory.inspect();
      else await factory.close();
    }
    assert.equal(seen.length, 3);
  });

  it("says why the factory refused", async () => {
    await assert.rejects(client(server.url).status(), refused(401, "UNAUTHORIZED"));
    await assert.rejects(client(server.url, { token: "look" }).pause(), refused(403, "READ_ONLY"));
    assert.equal((await client(server.url, { token: "look" }).status()).state, "open");
    await assert.rejects(remote.scale(0), refused(400, "BODY_INVALID"));
    await assert.rejects(remote.tap("nonsense")[Symbol.asyncIterator]().next(), refused(404, "NOT_FOUND"));
    factory.failure = new BusyError("full", { fields: { retryAfterMs: 2_000 } });
    await assert.rejects(remote.status(), (error) => {
      assert.equal((error as ControlError).fields.retryAfterMs, 2_000);
      return refused(429, "BUSY")(error);
    });
  });

  it("says that nobody answers, and ends with its signal", async () => {
    const reason = new Error("enough");
    await assert.rejects(client(server.url, { signal: AbortSignal.abort(reason) }).status(), reason);
    await server.close();
    await assert.rejects(remote.status(), refused(0, "UNREACHABLE"));
  });

  it("is what the example does", async () => {
    factory.inspect();
    factory.admitted.push(good("a"));
    const args = runtimeName() === "deno" ? ["run", "-A"] : ["run"];
    const example = fileURLToPath(new URL("../../examples/client.ts", import.meta.url));
    const env = { ...process.env, SHOPFLOOR_TOKEN: "all" };
    const { stdout } = await promisify(execFile)(process.execPath, [...args, example, server.url], { env });
    assert.match(
      stdout,
      /^thermometers is open: 2 workshops, 96000 items so far\nsome workers: a\n\d+ items a second; bottleneck: /,
    );
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 5_000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(condition());
}
