import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { OptionsError } from "../../src/core/mod.ts";
import { resolveOptions } from "../../src/headquarters/mod.ts";
import { FACTORY_OPTIONS, flagOf, keyOf, OPTION_KEYS, variableOf } from "../../src/terminal/options.ts";
import { parseArguments } from "../../src/terminal/parse.ts";
import {
  type Environment,
  factoryOptions,
  inTheirWords,
  readValues,
  type Values,
} from "../../src/terminal/values.ts";

function values(args: string[], environment: Environment = {}): Values {
  return readValues({ options: OPTION_KEYS, given: parseArguments(args).given, environment });
}

describe("options", () => {
  it("are kebab-case flags and upper-case variables", () => {
    assert.equal(flagOf("ratePerSecond"), "--rate-per-second");
    assert.equal(variableOf("ratePerSecond"), "SHOPFLOOR_RATE_PER_SECOND");
    assert.equal(keyOf("rate-per-second"), "ratePerSecond");
    assert.equal(keyOf("ratePerSecond"), undefined);
  });

  it("cover every option of the library, and no other", () => {
    assert.deepEqual(
      [...FACTORY_OPTIONS].sort(),
      Object.keys(resolveOptions({ data: "d", input: "-" })).sort(),
    );
  });
});

describe("readValues()", () => {
  it("gives nothing for what was not given, so that defaults stay with the library", () => {
    assert.deepEqual(values([]), {});
  });

  it("lets flags beat the environment", () => {
    const environment = { SHOPFLOOR_WORKSHOPS: "2", SHOPFLOOR_DATA: "/a" };
    assert.deepEqual(values(["--workshops", "3"], environment), { workshops: 3, data: "/a" });
  });

  it("counts the last of several flags", () => {
    assert.deepEqual(values(["--port", "1", "--port", "2"]), { port: 2 });
  });

  it("takes an empty variable for one that isn't set", () => {
    assert.deepEqual(values([], { SHOPFLOOR_DATA: "", SHOPFLOOR_VERBOSE: "" }), {});
  });

  it("takes no notice of variables that belong to other options than the command's", () => {
    const environment = { SHOPFLOOR_PORT: "not a port", SHOPFLOOR_JSON: "true" };
    assert.deepEqual(readValues({ options: ["json"], given: [], environment }), { json: true });
  });

  it("reads words that stand for something other than a number", () => {
    assert.deepEqual(values(["--workshops", "auto", "--rate-per-second", "none"]), {
      workshops: "auto",
      ratePerSecond: null,
    });
  });

  it("merges settings key by key: environment first, then flags in their order", () => {
    const environment = { SHOPFLOOR_SETTINGS: `{"a":1,"b":1,"c":1}` };
    const { settings } = values(
      ["--settings", "b=2", "--settings", `{"c":2,"d":2}`, "--settings", "d=3"],
      environment,
    );
    assert.deepEqual(settings, { a: 1, b: 2, c: 2, d: 3 });
  });

  it("reads settings as JSON where they are JSON and as texts where not", () => {
    const args = [
      "n=10",
      "on=true",
      "name=north hall",
      'text="7"',
      "url=http://a/?b=c",
      "list=[1,2]",
      "empty=",
    ];
    const { settings } = values(args.flatMap((text) => ["--settings", text]));
    assert.deepEqual(settings, {
      n: 10,
      on: true,
      name: "north hall",
      text: "7",
      url: "http://a/?b=c",
      list: [1, 2],
      empty: "",
    });
  });

  it("reads any JSON object back as settings", () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const text = JSON.stringify(object);
      assert.deepEqual({ ...values([`--settings=${text}`]).settings }, { ...JSON.parse(text) });
    }));
  });

  const refusals: [args: string[], environment: Environment, message: RegExp][] = [
    [["--port", "http"], {}, /^option --port: expected a number, found "http"$/],
    [["--workshops", "many"], {}, /^option --workshops: expected a number or "auto", found "many"$/],
    [["--data="], {}, /^option --data: expected a text, found ""$/],
    [
      ["--settings", "sensors"],
      {},
      /^option --settings: expected KEY=VALUE or a JSON object, found "sensors"$/,
    ],
    [["--settings", "{sensors"], {}, /^option --settings: expected a JSON object, found "{sensors"$/],
    [[], { SHOPFLOOR_EPOCH_MS: "1s" }, /^option SHOPFLOOR_EPOCH_MS: expected a number, found "1s"$/],
    [[], { SHOPFLOOR_JSON: "maybe" }, /^option SHOPFLOOR_JSON: expected true or false, found "maybe"$/],
  ];
  for (const [args, environment, message] of refusals) {
    it(`refuses ${JSON.stringify([...args, environment])}`, () => {
      assert.throws(() => values(args, environment), { name: "UsageError", message });
    });
  }
});

describe("factoryOptions()", () => {
  it("leaves out what is the command line's own", () => {
    const options = factoryOptions(values(["--port", "1", "--json", "--verbose", "--workshops", "2"]));
    assert.deepEqual(options, { workshops: 2 });
  });

  it("makes options that the library accepts", () => {
    const args = [
      "--workshops=2",
      "--data=d",
      "--durability=none",
      "--epoch-ms=50",
      "--rate-per-second=5000",
    ];
    args.push("--alarm-latency-ms=200", "--heartbeat-ms=500", "--traces");
    args.push("--linger-ms=0", "--line-batches=4", "--batch-bytes=4096", "--input=-", "--settings=a=1");
    assert.deepEqual(resolveOptions(factoryOptions(values(args))), {
      workshops: 2,
      minWorkshops: 2,
      maxWorkshops: 2,
      data: "d",
      durability: "none",
      epochMs: 50,
      ratePerSecond: 5000,
      lingerMs: 0,
      lineBatches: 4,
      batchBytes: 4096,
      alarmLatencyMs: 200,
      heartbeatMs: 500,
      traces: true,
      input: "-",
      settings: { a: 1 },
    });
  });
});

describe("inTheirWords()", () => {
  const refusal = new OptionsError("option epochMs: too small, found 1", { fields: { option: "epochMs" } });

  it("names the flag where the flag was given", () => {
    const given = parseArguments(["--epoch-ms", "1"]).given;
    const told = inTheirWords(refusal, given, { SHOPFLOOR_EPOCH_MS: "100" }) as Error;
    assert.equal(told.message, "option --epoch-ms: too small, found 1");
    assert.equal(told.cause, refusal);
  });

  it("names the variable where only that was set", () => {
    const told = inTheirWords(refusal, [], { SHOPFLOOR_EPOCH_MS: "1" }) as Error;
    assert.equal(told.message, "option SHOPFLOOR_EPOCH_MS: too small, found 1");
  });

  it("leaves every other error alone", () => {
    const error = new Error("option epochMs: no");
    assert.equal(inTheirWords(error, [], {}), error);
  });
});
