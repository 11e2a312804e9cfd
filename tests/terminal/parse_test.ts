import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseArguments } from "../../src/terminal/parse.ts";

describe("parseArguments()", () => {
  it("tells words from options, wherever they stand", () => {
    const { words, given } = parseArguments(["--port", "9000", "run", "a.ts", "--json", "--input=-"]);
    assert.deepEqual(words, ["run", "a.ts"]);
    assert.deepEqual(given, [
      { key: "port", origin: "--port", text: "9000" },
      { key: "json", origin: "--json", text: "true" },
      { key: "input", origin: "--input", text: "-" },
    ]);
  });

  it("takes a lone dash and a negative number for values", () => {
    const { given } = parseArguments(["--input", "-", "--linger-ms", "-5"]);
    assert.deepEqual(given.map(({ text }) => text), ["-", "-5"]);
  });

  it("takes everything behind -- for words", () => {
    assert.deepEqual(parseArguments(["validate", "--", "--odd.ts"]).words, ["validate", "--odd.ts"]);
  });

  it("keeps every occurrence of an option, in order", () => {
    const { given } = parseArguments(["--settings", "a=1", "--settings", "b=2"]);
    assert.deepEqual(given.map(({ text }) => text), ["a=1", "b=2"]);
  });

  const refusals: [args: string[], message: RegExp][] = [
    [["--wrkshops", "3"], /^unknown option --wrkshops: did you mean --workshops\?$/],
    [["--rate_per_second=3"], /^unknown option --rate_per_second: did you mean --rate-per-second\?$/],
    [["--ratePerSecond", "3"], /did you mean --rate-per-second\?$/],
    [["--zzzzzzzzzzzz"], /^unknown option --zzzzzzzzzzzz \(see --help\)$/],
    [["-x"], /^unknown option -x \(see --help\)$/],
    [["--data"], /^option --data needs a value: --data DIR$/],
    [["--data", "--json"], /^option --data needs a value: --data DIR$/],
    [["--json=yes"], /^option --json takes no value$/],
    [["--token", "secret"], /^option --token: the token is read from SHOPFLOOR_TOKEN alone/],
    [["--read-token", "x"], /^option --read-token: the token is read from SHOPFLOOR_READ_TOKEN alone/],
  ];
  for (const [args, message] of refusals) {
    it(`refuses ${args.join(" ")}`, () => {
      assert.throws(() => parseArguments(args), { name: "UsageError", message });
    });
  }

  it("never repeats a token that was given as an option", () => {
    assert.throws(
      () => parseArguments(["--token=secret"]),
      (error: Error) => !error.message.includes("secret"),
    );
  });
});
