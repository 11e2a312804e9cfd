import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { COMMANDS } from "../../src/terminal/commands.ts";
import { perform } from "../../src/terminal/mod.ts";
import { flagOf } from "../../src/terminal/options.ts";
import { optionsOf } from "../../src/terminal/help.ts";
import { fakeTerminal } from "./fake_terminal.ts";

async function script(shell: string): Promise<string> {
  const terminal = fakeTerminal(["completions", shell]);
  assert.equal(await perform(terminal), 0);
  return terminal.printed.join("\n");
}

/** What bash offers for the last of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const program = `${await script("bash")}
COMP_WORDS=(shopfloor "$@"); COMP_CWORD=$#; COMPREPLY=(); _shopfloor; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-c", program, "bash", ...words], {
    encoding: "utf8",
    cwd: new URL("./blueprints", import.meta.url),
  });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
  return stdout.trim().split("\n");
}

describe("completions", () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    it(`know every command and its options for ${shell}`, async () => {
      const text = await script(shell);
      for (const command of COMMANDS) {
        assert.ok(text.includes(command.name), command.name);
        for (const key of optionsOf(command)) {
          const flag = shell === "fish" ? `-l ${flagOf(key).slice(2)}` : flagOf(key);
          assert.ok(text.includes(flag), flag);
        }
      }
    });
  }

  it("offer commands in bash, and nothing else in their place", async () => {
    assert.deepEqual(await offered(""), COMMANDS.map(({ name }) => name));
    assert.deepEqual(await offered("va"), ["validate"]);
  });

  it("offer a command's own options in bash", async () => {
    assert.deepEqual(await offered("tap", "--k"), ["--key"]);
    assert.deepEqual(await offered("validate", "--port"), [""]);
  });

  it("offer values in bash where they are few, and files elsewhere", async () => {
    assert.deepEqual(await offered("start", "--durability", ""), ["exactly-once", "none"]);
    assert.deepEqual(await offered("completions", "f"), ["fish"]);
    assert.deepEqual(await offered("run", "coun"), ["counter.ts"]);
    assert.deepEqual(await offered("run", "counter.ts", "--input", "coun"), ["counter.ts"]);
  });
});
