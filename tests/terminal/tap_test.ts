import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fakeTerminal } from "./fake_terminal.ts";
import { perform } from "../../src/terminal/mod.ts";
import { blueprint, launch, type Program } from "./program.ts";

const TOKEN = "a token of the tests";

let factory: Program;
let url: string;

async function push(...users: string[]): Promise<void> {
  const response = await fetch(`${url}/v1/materials`, {
    method: "POST",
    body: JSON.stringify(users.map((user) => ({ user }))),
    headers: { "content-type": "application/json", authorization: `Bearer ${TOKEN}` },
  });
  assert.equal(response.status, 202);
  await response.body?.cancel();
}

/** Pushes again and again, since nobody knows when a tap has begun to look. */
async function pushUntil(done: Promise<unknown>, ...users: string[]): Promise<void> {
  let over = false;
  const stop = () => over = true;
  done.then(stop, stop);
  while (!over) {
    await push(...users);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await done;
}

const env = { SHOPFLOOR_TOKEN: TOKEN };

before(async () => {
  factory = launch(["start", blueprint("pushed"), "--port", "0", "--workshops", "1", "--json"], { env });
  const [, found] = await factory.written(/"url":"([^"]+)"/);
  url = found;
});

after(async () => {
  factory.signal("SIGTERM");
  await factory.outcome;
});

describe("tap", () => {
  it("prints products as lines of JSON until it is told to end", async () => {
    const tap = launch(["tap", "echo", "--url", url], { env });
    await pushUntil(tap.written(/^\{"user":"ann"\}\n/), "ann");
    tap.signal("SIGINT");
    const { code, stderr } = await tap.outcome;
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });

  it("prints those of one key, with --json what is known of each", async () => {
    const tap = launch(["tap", "echo", "--key", "bob & co", "--json", "--url", url], { env });
    await pushUntil(tap.written(/\n/), "ann", "bob & co");
    tap.signal("SIGTERM");
    const { stdout } = await tap.outcome;
    const events = stdout.trim().split("\n").map((line) => JSON.parse(line));
    for (const { type, key, product } of events) {
      assert.deepEqual({ type, key, product }, {
        type: "echo",
        key: "bob & co",
        product: { user: "bob & co" },
      });
    }
  });

  const refusals: [args: string[], env: Record<string, string>, message: RegExp][] = [
    [["tap", "nothing"], env, /answers 404: [^\n]*nothing/],
    [["tap", "echo"], {}, /answers 401: set SHOPFLOOR_TOKEN$/],
    [["tap", "echo"], { SHOPFLOOR_TOKEN: "another" }, /answers 401: it wants another SHOPFLOOR_TOKEN$/],
  ];
  for (const [args, environment, message] of refusals) {
    it(`says in one line why not: ${message.source}`, async () => {
      const terminal = fakeTerminal([...args, "--url", url], environment);
      assert.equal(await perform(terminal), 1);
      assert.equal(terminal.complained.length, 1);
      assert.match(terminal.complained[0], message);
    });
  }

  it("ends when the factory does", async () => {
    const ending = launch(["start", blueprint("pushed"), "--port", "0", "--workshops", "1", "--json"]);
    const [, at] = await ending.written(/"url":"([^"]+)"/);
    const terminal = fakeTerminal(["tap", "echo", "--url", at]);
    const ended = perform(terminal);
    await new Promise((resolve) => setTimeout(resolve, 300));
    ending.signal("SIGTERM");
    assert.equal(await ended, 0, terminal.complained.join());
    await ending.outcome;
  });
});
