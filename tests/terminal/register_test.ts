import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openRegistry } from "../../src/registry/mod.ts";
import { type Server, startEtcd, startNats } from "../registry/server.ts";
import { follow } from "../registry/watcher.ts";
import { launch, shopfloor } from "./program.ts";

for (const [scheme, start] of [["etcd", startEtcd], ["nats", startNats]] as const) {
  describe(`register, in ${scheme}`, () => {
    let server: Server;
    before(async () => void (server = await start()));
    after(() => server[Symbol.asyncDispose]());

    it("lists an endpoint until it is told to end", async () => {
      const at = `${scheme}://${server.host}`;
      const options = ["--url", "http://127.0.0.1:9001/base", "--registry", at, "--weight", "3"];
      const program = launch(["register", "scales", ...options]);
      await program.written(/^scales is registered at http:\/\/127\.0\.0\.1:9001\/base \(Ctrl-C ends\)\n/);
      const registry = openRegistry(at);
      const watcher = await follow(registry, "scales");
      assert.deepEqual(watcher.lists, [[{ url: "http://127.0.0.1:9001/base", weight: 3 }]]);
      program.signal("SIGTERM");
      const { code, stderr } = await program.outcome;
      assert.equal(stderr, "shopfloor: SIGTERM: taking scales from the registry\n");
      assert.equal(code, 0);
      await watcher.until([]); // long before its time to live is over
      await registry.close();
    });
  });
}

describe("register", () => {
  it("can be ended while it waits for the registry", async () => {
    const args = ["register", "scales", "--url", "http://a", "--registry", "etcd://127.0.0.1:1"];
    const program = launch(args);
    await program.written(/registry: .*trying again/);
    program.signal("SIGINT");
    assert.equal((await program.outcome).code, 0);
  });

  const registry = ["--registry", "etcd://127.0.0.1:1"];
  const wrong: [args: string[], line: RegExp][] = [
    [registry, /register needs a name/],
    [["scales", ...registry], /register needs the endpoint's URL/],
    [["scales", "--url", "http://a"], /register needs a registry/],
    [["scales", "--url", "ftp://a", ...registry], /option --url: expected a URL that begins with http/],
    [["a b", "--url", "http://a", ...registry], /the name of a service must be of letters/],
    [["scales", "--url", "http://a", "--ttl-ms", "1", ...registry], /ttlMs must be 1000 to 600000, found 1/],
    [
      ["scales", "--url", "http://a", "--weight", "0", ...registry],
      /weight of an endpoint must be 1 to 1000/,
    ],
  ];
  for (const [args, line] of wrong) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { code, stderr } = await shopfloor(["register", ...args]);
      assert.match(stderr, line);
      assert.match(stderr, /^shopfloor: [^\n]+\n$/);
      assert.equal(code, 2);
    });
  }
});
