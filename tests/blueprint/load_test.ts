import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isBlueprint, loadBlueprint } from "../../src/blueprint/mod.ts";
import { BlueprintError } from "../../src/core/mod.ts";

/** A module with this text. */
function module(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

describe("loadBlueprint()", () => {
  it("imports a module's blueprint", async () => {
    const blueprint = await loadBlueprint(new URL("../system/blueprints/means.ts", import.meta.url));
    assert.equal(isBlueprint(blueprint), true);
    assert.equal(blueprint.name, "means");
  });

  it("says why a module can't be imported, in one line", async () => {
    const missing = new URL("./no_such_blueprint.ts", import.meta.url);
    for (const url of [missing, module("export default ]"), module('throw new Error("no\\n   database")')]) {
      await assert.rejects(loadBlueprint(url), (error: BlueprintError) => {
        assert.ok(error instanceof BlueprintError);
        assert.equal(error.code, "BLUEPRINT_IMPORT");
        assert.equal(error.fields.blueprint, String(url));
        assert.ok(error.message.includes(String(url)) && !error.message.includes("\n"), error.message);
        return true;
      });
    }
    await assert.rejects(loadBlueprint(module('throw new Error("no\\n   database")')), /no database/);
  });

  it("says what it found in place of a blueprint", async () => {
    const found: [string, RegExp][] = [
      ["export const blueprint = 1;", /no default export/],
      ["export default 7;", /a default export of type number/],
      ["export default { name: 'not made by defineBlueprint' };", /a default export of type object/],
    ];
    for (const [text, expected] of found) {
      await assert.rejects(loadBlueprint(module(text)), (error: Error) => {
        assert.ok(error instanceof BlueprintError);
        assert.match(error.message, expected);
        return true;
      });
    }
  });
});
