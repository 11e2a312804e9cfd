import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { perform } from "../../src/terminal/mod.ts";
import { COMMANDS } from "../../src/terminal/commands.ts";
import { flagOf, OPTION_KEYS, variableOf } from "../../src/terminal/options.ts";
import { fakeTerminal } from "./fake_terminal.ts";

describe("perform()", () => {
  it("prints a help that names every command and every option", async () => {
    const terminal = fakeTerminal(["--help"]);
    assert.equal(await perform(terminal), 0);
    const help = terminal.printed.join("\n");
    for (const { name } of COMMANDS) assert.match(help, new RegExp(`^  ${name} `, "m"));
    for (const key of OPTION_KEYS) assert.ok(help.includes(flagOf(key)), flagOf(key));
    assert.ok(help.includes(variableOf("ratePerSecond")));
  });

  for (const command of COMMANDS) {
    it(`prints a help of ${command.name} with its options and examples alone`, async () => {
      for (const args of [[command.name, "--help"], ["-h", command.name], ["help", command.name]]) {
        const terminal = fakeTerminal(args);
        assert.equal(await perform(terminal), 0);
        const help = terminal.printed.join("\n");
        assert.ok(help.startsWith(`shopfloor ${command.name}: `));
        assert.ok(help.includes(command.examples[0][0]));
        assert.equal(help.includes("--port PORT"), command.options.includes("port"));
        assert.ok(help.split("\n").every((line) => line.length <= 120), "lines fit a terminal");
      }
    });
  }

  it("prints of each command the defaults and the words that are its own", async () => {
    const helpOf = async (name: string) => {
      const terminal = fakeTerminal([name, "--help"]);
      await perform(terminal);
      return terminal.printed.join("\n");
    };
    const [gateway, register, start] = await Promise.all(["gateway", "register", "start"].map(helpOf));
    assert.match(gateway, /--port PORT +port to listen on; .* \[8080\]$/m);
    assert.match(start, /--port PORT +port of the control server; .* \[8787\]$/m);
    assert.doesNotMatch(gateway + register, /8787|SHOPFLOOR_TOKEN/);
    assert.match(register, /flags alone are --weight, --help, --version\.$/m);
  });

  it("prints the version", async () => {
    for (const args of [["--version"], ["-V"], ["run", "--version"]]) {
      const terminal = fakeTerminal(args);
      assert.equal(await perform(terminal), 0);
      assert.match(terminal.printed[0], /^shopfloor \d+\.\d+\.\d+/);
    }
  });

  const refusals: [args: string[], message: RegExp][] = [
    [["strat"], /^shopfloor: unknown command strat: did you mean start\?$/],
    [["elephant"], /^shopfloor: unknown command elephant: the commands are start, run, validate, top, tap, /],
    [
      ["./thermometers.ts"],
      /unknown command \.\/thermometers\.ts: did you mean start \.\/thermometers\.ts\?$/,
    ],
    [["run"], /^shopfloor: run needs a blueprint: shopfloor run BLUEPRINT$/],
    [["run", "a.ts", "b.ts"], /^shopfloor: run takes one blueprint, found a\.ts b\.ts$/],
    [
      ["dead-letters"],
      /^shopfloor: dead-letters needs an action: shopfloor dead-letters list\|replay\|purge$/,
    ],
    [
      ["register", "a", "--url", "http://b", "--registry", "c"],
      /^shopfloor: option --registry: the url must be memory:NAME, etcd:/,
    ],
    [["tap"], /^shopfloor: tap needs a type: shopfloor tap TYPE$/],
    [["top", "x"], /^shopfloor: top takes nothing, found x$/],
    [["completions"], /^shopfloor: completions needs a shell: shopfloor completions bash\|zsh\|fish$/],
    [["completions", "csh"], /^shopfloor: completions: the shells are bash, zsh, fish, found csh$/],
    [["top", "--url", "ftp://a"], /^shopfloor: option --url: expected a URL that begins with http/],
    [
      ["start", "--log-level", "loud"],
      /^shopfloor: option --log-level: expected error, warn, info, debug, found "loud"$/,
    ],
    [["run", "a.ts", "--port", "1"], /^shopfloor: run has no option --port \(see run --help\)$/],
    [["validate", "no_such.ts"], /^shopfloor: blueprint no_such\.ts: there is no such file$/],
    [["validate", "src"], /^shopfloor: blueprint src: is a directory, expected a file$/],
  ];
  for (const [args, message] of refusals) {
    it(`refuses ${args.join(" ")} in one line, with exit code 2`, async () => {
      const terminal = fakeTerminal(args);
      assert.equal(await perform(terminal), 2);
      assert.equal(terminal.complained.length, 1);
      assert.match(terminal.complained[0], message);
      assert.deepEqual(terminal.printed, []);
    });
  }

  it("shows the stack with --verbose, by flag or by environment", async () => {
    for (
      const terminal of [
        fakeTerminal(["--verbose", "strat"]),
        fakeTerminal(["strat"], { SHOPFLOOR_VERBOSE: "1" }),
      ]
    ) {
      assert.equal(await perform(terminal), 2);
      assert.match(terminal.complained.join("\n"), /main\.ts/);
    }
  });
});
