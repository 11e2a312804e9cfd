import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { after, before, describe, it } from "node:test";
import { RegistryError } from "../../src/core/mod.ts";
import { openRegistry } from "../../src/registry/mod.ts";
import { lineCutter } from "./line_cutter.ts";
import { type Server, startEtcd } from "./server.ts";
import { follow, until } from "./watcher.ts";

const TTL = { ttlMs: 30_000 };

describe("a registry in etcd", () => {
  let server: Server;
  before(async () => void (server = await startEtcd()));
  after(() => server[Symbol.asyncDispose]());

  /** Calls etcd past the registry, as an operator would. */
  // deno-lint-ignore no-explicit-any -- etcd's answers
  async function etcd(path: string, body: unknown): Promise<any> {
    const response = await fetch(`http://${server.host}/v3/${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return await response.json();
  }
  const bytes = (text: string) => Buffer.from(text).toString("base64");
  const put = (key: string, value: string) => etcd("kv/put", { key: bytes(key), value: bytes(value) });

  it("goes on from the revision that it had when a watch is cut, and misses nothing", async () => {
    await using line = await lineCutter(server.host);
    const watching = openRegistry(`etcd://${line.host}/cut`);
    const registry = openRegistry(`etcd://${server.host}/cut`);
    const first = await registry.register("scales", { url: "http://a" }, TTL);
    const watcher = await follow(watching, "scales");
    for (let round = 0; round < 3; round++) {
      line.cut();
      const added = await registry.register("scales", { url: `http://b${round}` }, TTL);
      line.mend();
      await watcher.until(["http://a", `http://b${round}`]);
      await added.close();
      await watcher.until(["http://a"]);
    }
    assert.equal(line.sent("/v3/kv/range"), 1, "it listed anew, though it could have gone on");
    assert.ok(line.sent("/v3/watch") >= 3);
    await first.close();
    await watching.close();
    await registry.close();
  });

  it("lists anew when etcd has compacted away what it missed", async () => {
    await using line = await lineCutter(server.host);
    const troubles: string[] = [];
    const watching = openRegistry(`etcd://${line.host}/compacted`, {
      onTrouble: (error) => troubles.push(String(error)),
    });
    const registry = openRegistry(`etcd://${server.host}/compacted`);
    const short = { ttlMs: 1_000 }; // a list that lacks it gives it that long to come back
    const gone = await registry.register("scales", { url: "http://a" }, short);
    const watcher = await follow(watching, "scales");
    line.cut();
    await gone.close();
    await registry.register("scales", { url: "http://b" }, TTL);
    const { header } = await put("compacted/other", "1");
    await etcd("kv/compaction", { revision: header.revision });
    line.mend();
    await watcher.until(["http://b"]);
    assert.equal(line.sent("/v3/kv/range"), 2);
    assert.ok(troubles.some((trouble) => /compacted/.test(trouble)), troubles.join());
    await watching.close();
    await registry.close();
  });

  it("registers again when its lease was revoked, and gives up a lease that was", async () => {
    const registry = openRegistry(`etcd://${server.host}/revoked`);
    await registry.register("scales", { url: "http://a" }, { ttlMs: 2_000 });
    const lease = await registry.acquire("scales", { ttlMs: 2_000 });
    const watcher = await follow(registry, "scales");
    const { leases } = await etcd("lease/leases", {});
    for (const { ID } of leases) await etcd("lease/revoke", { ID });
    await watcher.until([]);
    await watcher.until(["http://a"]);
    await until(() => lease.lost.aborted);
    assert.match(String(lease.lost.reason), /taken away/);
    await registry.close();
  });

  it("takes no notice of values that it can't have written", async () => {
    const registry = openRegistry(`etcd://${server.host}/hostile`);
    const evil = [
      "",
      "{}",
      "null",
      "not json",
      '{"url":"http://a;\\n evil","ttlMs":1000}',
      '{"url":"http://a"}',
      '{"url":"http://a","ttlMs":1e9}',
      '{"url":"http://a","weight":1e9,"ttlMs":1000}',
      '{"url":{},"ttlMs":1000}',
    ];
    for (const [index, value] of evil.entries()) await put(`hostile/services/scales/${index}`, value);
    const watcher = await follow(registry, "scales");
    assert.deepEqual(watcher.lists, [[]]);
    await put("hostile/services/scales/0", '{"url":"http://a","ttlMs":1000}');
    await watcher.until(["http://a"]);
    await put("hostile/services/scales/0", "no longer");
    await watcher.until([]);
    await registry.close();
  });

  it("turns to another server of the cluster when one doesn't answer", async () => {
    const registry = openRegistry(`etcd://127.0.0.1:1,${server.host}/cluster`);
    await registry.register("scales", { url: "http://a" }, TTL);
    const watcher = await follow(registry, "scales");
    assert.deepEqual(watcher.urls(), ["http://a"]);
    await registry.close();
  });

  it("says what it was that didn't work", async () => {
    await using line = await lineCutter(server.host);
    line.cut();
    const troubles: unknown[] = [];
    const registry = openRegistry(`etcd://${line.host}`, { onTrouble: (error) => troubles.push(error) });
    const controller = new AbortController();
    const { signal } = controller;
    const registering = registry.register("scales", { url: "http://a" }, { ...TTL, signal });
    registering.catch(() => {});
    await until(() => troubles.length > 0);
    controller.abort(new Error("enough"));
    await assert.rejects(registering, /enough/);
    assert.ok(troubles[0] instanceof RegistryError);
    assert.match(troubles[0].message, new RegExp(`etcd ${line.host}: `));
    assert.equal(troubles[0].code, "REGISTRY_UNREACHABLE");
    await registry.close();
  });
});
