import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { faultOf } from "../../src/sources/json_fault.ts";

function refused(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

describe("faultOf()", () => {
  const faults: [string, string][] = [
    ["", "it ends at column 1, where a value was wanted"],
    ["hello world", 'found "hello" at column 1, where a value was wanted'],
    ['{"a":1', 'it ends at column 7, where "," or "}" was wanted'],
    ['{"a":1}}', 'found "}" at column 8, where the end of the line was wanted'],
    ['{"a":1} {"b":2}', 'found "{" at column 9, where the end of the line was wanted'],
    ["{'a':1}", `found "'" at column 2, where a name in double quotes or "}" was wanted`],
    ['{"a":1,}', 'found "}" at column 8, where a name in double quotes was wanted'],
    ['{"a" 1}', 'found "1" at column 6, where ":" was wanted'],
    ['{"a":NaN}', 'found "NaN" at column 6, where a value was wanted'],
    ['{"a":01}', 'found "01" at column 6, where a value was wanted'],
    ["[1 2]", 'found "2" at column 4, where "," or "]" was wanted'],
    ["[1,]", 'found "]" at column 4, where a value was wanted'],
    ["[", 'it ends at column 2, where a value or "]" was wanted'],
    ['{"a":"b', "it ends inside the string that begins at column 6"],
    ['"\\', "it ends inside the string that begins at column 1"],
    ['"\\x"', 'found "\\\\x" at column 2, which is no escape'],
    ['"a\tb"', "found U+0009 at column 3, inside a string, unescaped"],
    ["\ufeff{}", "found U+FEFF at column 1, where a value was wanted"],
    ["\u{1f3ed}", 'found "\u{1f3ed}" at column 1, where a value was wanted'],
  ];
  for (const [text, fault] of faults) {
    it(`says of ${JSON.stringify(text)}: ${fault}`, () => {
      assert.ok(refused(text));
      assert.equal(faultOf(text), fault);
    });
  }

  it("finds a fault in a text exactly when JSON.parse refuses it", () => {
    const mended = fc.tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[],:"\\ 1e-.tfn\u0001é'))
      .map(([text, at, mark]) => {
        const place = at % (text.length + 1);
        return at % 2
          ? text.slice(0, place) + mark + text.slice(place)
          : text.slice(0, place) + text.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), mended, fc.string()), (text) => {
        assert.equal(faultOf(text) !== undefined, refused(text), text);
      }),
      { numRuns: 2_000 },
    );
  });
});
