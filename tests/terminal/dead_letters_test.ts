import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { perform } from "../../src/terminal/mod.ts";
import { fakeTerminal } from "./fake_terminal.ts";
import { launch, type Program } from "./program.ts";

const TOKEN = "a token of the tests";
const env = { SHOPFLOOR_TOKEN: TOKEN };
const LEDGER = fileURLToPath(new URL("../system/blueprints/ledger.ts", import.meta.url));

const root = mkdtempSync(join(tmpdir(), "shopfloor-letters-"));
const data = join(root, "data");
let factory: Program;
let url: string;

async function start(...settings: string[]): Promise<void> {
  const args = ["start", LEDGER, "--data", data, "--port", "0", "--workshops", "1", "--json", ...settings];
  factory = launch(args, { env });
  [, url] = await factory.written(/"url":"([^"]+)"/);
}

async function stop(): Promise<void> {
  factory.signal("SIGTERM");
  await factory.outcome;
}

/** Runs the command in this process. */
async function letters(...args: string[]) {
  const terminal = fakeTerminal(["dead-letters", ...args], env);
  const code = await perform(terminal);
  return { code, printed: terminal.printed.join("\n"), complained: terminal.complained.join("\n") };
}

before(async () => {
  await start();
  const response = await fetch(`${url}/v1/materials?wait=commit`, {
    method: "POST",
    body: JSON.stringify([1, 2, 3, 4].map((n) => ({ account: `acc\u001b${n}`, entry: -n }))),
    headers: { "content-type": "application/json", authorization: `Bearer ${TOKEN}` },
  });
  assert.equal(response.status, 200);
  await response.body?.cancel();
});

after(async () => {
  await stop();
  rmSync(root, { recursive: true, force: true });
});

describe("dead-letters", () => {
  it("lists those of a running factory: a table for people, JSON for machines", async () => {
    const { code, printed } = await letters("list", "--url", url);
    assert.equal(code, 0);
    const lines = printed.split("\n");
    assert.match(lines[0], /^id +when +key +reason +attempts +error/);
    assert.match(lines[1], /^ *1 +\d{4}-\d\d-\d\dT\S+ +acc 1 +error +1 +entry -1 is odd/);
    assert.equal(lines.at(-1), "4 dead letters");
    const page = JSON.parse((await letters("list", "--url", url, "--json", "--ids", "2,3")).printed);
    assert.deepEqual(page.deadLetters.map(({ item }: { item: unknown }) => item), [
      { account: "acc\u001b2", entry: -2 },
      { account: "acc\u001b3", entry: -3 },
    ]);
    assert.equal(page.total, 4);
  });

  it("purges some of a running factory's", async () => {
    assert.deepEqual(await letters("purge", "--url", url, "--ids", "3,99"), {
      code: 0,
      printed: "1 purged",
      complained: "",
    });
    assert.equal(JSON.parse((await letters("list", "--url", url, "--json")).printed).total, 3);
  });

  it("says that a directory is in use", async () => {
    const { code, complained } = await letters("list", "--data", data);
    assert.equal(code, 2);
    assert.match(complained, /^shopfloor: dead-letters: a factory has .* open: ask it with --url$/);
  });

  it("looks into a data directory that nobody has open, and replays nothing there", async () => {
    await stop();
    assert.equal(JSON.parse((await letters("list", "--data", data, "--json")).printed).total, 3);
    assert.equal((await letters("purge", "--data", data, "--ids", "1", "--json")).printed, '{"purged":1}');
    const replay = await letters("replay", "--data", data);
    assert.equal(replay.code, 2);
    assert.match(replay.complained, /needs a running factory: start it, and ask it with --url/);
    await start("--settings", "cured=1");
    assert.equal((await letters("replay", "--url", url, "--ids", "4")).printed, "1 replayed");
    assert.equal((await letters("replay", "--url", url)).printed, "1 replayed");
    assert.equal((await letters("list", "--url", url)).printed, "0 dead letters");
  });

  const refusals: [args: string[], complaint: RegExp][] = [
    [["list", "--data", join(root, "missing")], /there is no such directory/],
    [["list", "--data", root], /there is no store/],
    [["burn"], /burn is none of list, replay, purge/],
    [["purge", "--ids", "1,x"], /option --ids: expected ids with commas between them, found "1,x"/],
    [[], /needs/],
  ];
  for (const [args, complaint] of refusals) {
    it(`refuses ${["dead-letters", ...args].join(" ").replaceAll(root, "DIR")} in one line, with exit code 2`, async () => {
      const { code, printed, complained } = await letters(...args);
      assert.deepEqual({ code, printed }, { code: 2, printed: "" });
      assert.match(complained, complaint);
      assert.ok(!existsSync(join(root, "missing")));
    });
  }

  it("says so when nothing answers", async () => {
    const { code, complained } = await letters("list", "--url", "http://127.0.0.1:1");
    assert.equal(code, 1);
    assert.match(complained, /nothing answers/);
  });
});
