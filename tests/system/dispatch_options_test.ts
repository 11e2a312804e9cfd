import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { help, parseOptions } from "../../examples/dispatch/options.ts";

describe("the dispatch's command line", () => {
  it("has a default for everything, and says so in its help", () => {
    const { help: asked, ...numbers } = parseOptions([]);
    assert.equal(asked, false);
    assert.deepEqual(numbers.form, 1);
    for (const value of Object.values(numbers)) assert.match(help(), new RegExp(` ${value} `));
  });

  it("takes what it is given", () => {
    const options = parseOptions(["--form", "2", "--instances=3", "--error-rate", "0.5", "-h"]);
    assert.deepEqual([options.form, options.instances, options.errorRate, options.help], [2, 3, 0.5, true]);
  });

  it("names the option that is wrong", () => {
    const wrong: [string[], RegExp][] = [
      [["--form", "3"], /--form must be a whole number from 1 to 2, found "3"/],
      [["--devices", "many"], /--devices must be a whole number/],
      [["--devices", ""], /--devices must be a whole number/],
      [["--latency-ms", "1.5"], /--latency-ms must be a whole number/],
      [["--error-rate", "2"], /--error-rate must be a number from 0 to 1/],
      [["--instances", "2"], /--instances is for --form 2/],
      [["--form", "2", "--rate", "5"], /--rate is for --form 1/],
      [["--speed", "9"], /--speed/],
    ];
    for (const [args, message] of wrong) assert.throws(() => parseOptions(args), { message });
  });
});
