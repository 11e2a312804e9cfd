import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { blueprint, launch, shopfloor } from "./program.ts";
import { scratch } from "./scratch.ts";

/** The lines that are JSON. */
function logOf(stderr: string) {
  return stderr.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}

/** The one flight record in a folder. */
function recordIn(folder: string) {
  const [name, ...others] = readdirSync(folder).filter((name) => name.startsWith("flight-"));
  assert.deepEqual(others, []);
  return JSON.parse(readFileSync(join(folder, name), "utf8"));
}

describe("the log", () => {
  it("tells of events in the life of a factory, commits when it is asked to, and of no item", async () => {
    const program = launch([
      "start",
      ...[blueprint("endless"), "--port", "0", "--workshops", "1"],
      ...["--epoch-ms", "100", "--log-level", "debug"],
    ]);
    await program.written(/"event":"committed"/);
    program.signal("SIGTERM");
    const { code, stderr } = await program.outcome;
    assert.equal(code, 0);
    const events = logOf(stderr);
    const named = new Set(events.map(({ event }) => event));
    for (const event of ["open", "committed", "draining", "drained"]) {
      assert.ok(named.has(event), event);
    }
    for (const { at, level, message } of events) {
      assert.ok(at && level && message, "every line says when, how grave and what");
    }
  });

  it("is silent by default while nothing is wrong", async () => {
    const { code, stderr } = await shopfloor(["run", blueprint("counter"), "--workshops", "1"]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });

  it("is for people with --log-format pretty", async () => {
    const args = ["run", blueprint("counter"), "--log-level", "info", "--log-format", "pretty"];
    const { stderr } = await shopfloor(args);
    assert.match(stderr, /^\d\d:\d\d:\d\d INFO {2}everything is committed {2}\(finished\)$/m);
  });
});

describe("the alarms' webhook", () => {
  it("is called when a sink is down, and the log says the same", async () => {
    const calls: unknown[] = [];
    const called = Promise.withResolvers<void>();
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (text) => body += text).on("end", () => {
        calls.push(JSON.parse(body));
        response.writeHead(204).end();
        called.resolve();
      });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const program = launch([
      "start",
      ...[blueprint("failing_sink"), "--port", "0", "--workshops", "1", "--json", "--alarm-webhook", hook],
    ]);
    try {
      const [, url] = await program.written(/"url":"([^"]+)"/);
      const body = JSON.stringify([{ key: "a" }]);
      const headers = { "content-type": "application/json" };
      await (await fetch(`${url}/v1/materials`, { method: "POST", body, headers })).body?.cancel();
      await called.promise;
      const [call] = calls as { factory: string; change: string; alarm: Record<string, unknown> }[];
      assert.equal(call.factory, "failing_sink");
      assert.equal(call.change, "raised");
      assert.equal(call.alarm.kind, "sink-down");
      assert.equal(call.alarm.subject, "sink echo");
      assert.match(String(call.alarm.message), /the gate is shut/);
      await program.written(/"event":"alarm-raised"/);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      assert.match(metrics, /^shopfloor_alarms\{kind="sink-down"\} 1$/m);
    } finally {
      server.close();
      program.signal("SIGTERM");
      program.signal("SIGTERM"); // it can't deliver what it has, and need not wait for it
      await program.outcome;
    }
  });
});

describe("the flight record", () => {
  it("is written into the data directory when the factory fails", async () => {
    using folder = scratch();
    const args = ["run", blueprint("failing_source"), "--data", folder.file("data"), "--log-level", "error"];
    const { code, stderr } = await shopfloor(args);
    assert.equal(code, 1);
    const record = recordIn(folder.file("data"));
    assert.equal(record.name, "failing_source");
    assert.match(record.error.message, /the belt has snapped/);
    assert.ok(Array.isArray(record.inspections) && Array.isArray(record.events));
    const [failed] = logOf(stderr);
    assert.equal(failed.event, "failed");
    assert.ok(failed.flightRecord.startsWith(folder.file("data")));
  });

  it("is written into out/ without one", async () => {
    using folder = scratch();
    const { code, stderr } = await shopfloor(["start", blueprint("failing_source"), "--port", "0"], {
      cwd: folder.path,
    });
    assert.equal(code, 1);
    assert.match(recordIn(folder.file("out")).error.message, /the belt has snapped/);
    assert.match(stderr, /^shopfloor: [^\n]*the belt has snapped[^\n]*\n$/, "nobody has asked for a log");
  });
});
