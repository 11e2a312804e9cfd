import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { blueprint, launch, type Program, shopfloor } from "./program.ts";
import { scratch } from "./scratch.ts";

const GREETING = /^Shopfloor at (http:\/\/[^ ]+?) runs ([^\n]+) \(Ctrl-C ends\)\n/;

/** Ends a program as Ctrl-C would, and tells how it went. */
async function interrupt(program: Program, signal: "SIGINT" | "SIGTERM" = "SIGINT") {
  program.signal(signal);
  return await program.outcome;
}

describe("start", () => {
  it("serves a blueprint until it is told to end", async () => {
    const program = launch(["start", blueprint("pushed"), "--port", "0", "--workshops", "1"]);
    const [, url, what] = await program.written(GREETING);
    assert.equal(what, "pushed");
    const response = await fetch(`${url}/v1/factory`);
    const { name, state, workshops } = await response.json();
    assert.deepEqual({ name, state, workshops }, { name: "pushed", state: "open", workshops: 1 });
    const { code, stderr } = await interrupt(program, "SIGTERM");
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "shopfloor: SIGTERM: finishing what was bought (again to end at once)\n");
  });

  it("goes on serving when the source ends", async () => {
    const program = launch(["start", blueprint("counter"), "--port", "0", "--workshops", "1", "--json"]);
    const [greeting] = await program.written(/^\{[^\n]*\n/);
    await program.written(/still serving/);
    const { url, name, data } = JSON.parse(greeting);
    assert.deepEqual({ name, data }, { name: "counter", data: null });
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    assert.equal((await interrupt(program)).code, 0);
  });

  it("asks for the token that SHOPFLOOR_TOKEN names", async () => {
    const env = { SHOPFLOOR_TOKEN: "open sesame", SHOPFLOOR_PORT: "0", SHOPFLOOR_WORKSHOPS: "1" };
    const program = launch(["start", blueprint("pushed")], { env });
    const [, url] = await program.written(GREETING);
    const status = async (headers: Record<string, string>) => {
      const response = await fetch(`${url}/v1/factory`, { headers });
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await status({}), 401);
    assert.equal(await status({ authorization: "Bearer open sesame" }), 200);
    assert.equal((await interrupt(program)).code, 0);
  });

  it("says in one line that the port is taken", async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    try {
      const { port } = server.address() as { port: number };
      const { code, stdout, stderr } = await shopfloor(["start", blueprint("pushed"), "--port", `${port}`]);
      assert.equal(stdout, "");
      assert.match(stderr, new RegExp(`^shopfloor: [^\\n]*${port}[^\\n]*taken[^\\n]*\\n$`));
      assert.equal(code, 2);
    } finally {
      await new Promise((closed) => server.close(closed));
    }
  });

  it("refuses to listen for others without a token", async () => {
    const { code, stderr } = await shopfloor([
      "start",
      blueprint("pushed"),
      "--host",
      "0.0.0.0",
      "--port",
      "0",
    ]);
    assert.match(stderr, /^shopfloor: option --host: [^\n]*token[^\n]*\n$/);
    assert.equal(code, 2);
  });

  it("ends with 1 and one line when the factory fails", async () => {
    const { code, stderr } = await shopfloor(["start", blueprint("failing_source"), "--port", "0"]);
    assert.match(stderr, /^shopfloor: [^\n]*the belt has snapped[^\n]*\n$/);
    assert.equal(code, 1);
  });

  for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    it(`ends at once at a second ${signal}`, async () => {
      const args = [
        "start",
        blueprint("endless"),
        "--port",
        "0",
        "--workshops",
        "1",
        "--settings",
        "turnMs=60000",
      ];
      const program = launch(args);
      await program.written(GREETING);
      program.signal(signal);
      await program.written(/again to end at once/);
      assert.equal((await interrupt(program, signal)).code, exitCode);
    });
  }

  it("runs the demo fleet without being told anything", async () => {
    using folder = scratch();
    const program = launch(["--port", "0", "--workshops", "2"], { cwd: folder.path });
    const [, url, what] = await program.written(GREETING);
    assert.equal(
      what,
      "the demo fleet: 5,000 simulated sensors, 5,000 readings per second, into data/shopfloor.db",
    );
    await untilBought(url, 5_000);
    const procurement = await (await fetch(`${url}/v1/procurement`)).json();
    assert.equal(procurement.ratePerSecond, 5_000);
    const { code, stderr } = await interrupt(program);
    assert.equal(code, 0, stderr);
    assert.ok(existsSync(folder.file("data/shopfloor.db")));
  });
});

async function untilBought(url: string, materials: number): Promise<void> {
  for (;;) {
    const { totals } = await (await fetch(`${url}/v1/factory`)).json();
    if (totals.materials >= materials) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
