/**
 * Loading a blueprint's module.
 *
 * @module
 */

import { BlueprintError, messageOf } from "../core/mod.ts";
import { type Blueprint, isBlueprint } from "./blueprint.ts";

/**
 * Imports a module whose default export is a blueprint.
 *
 * @param url absolute: `file:`, `http(s):` or `data:`
 * @throws {BlueprintError} saying what failed: the import, or what was exported
 *
 * @example
 * ```ts
 * import { loadBlueprint } from "@shopfloor/shopfloor";
 * import assert from "node:assert/strict";
 *
 * const fleet = await loadBlueprint(import.meta.resolve("@shopfloor/shopfloor/examples/fleet"));
 * assert.equal(fleet.name, "fleet");
 * ```
 */
export async function loadBlueprint(url: string | URL): Promise<Blueprint> {
  const place = String(url);
  let module: { default?: unknown };
  try {
    module = await import(place);
  } catch (cause) {
    throw new BlueprintError(`blueprint ${place}: can't be imported: ${messageOf(cause)}`, {
      code: "BLUEPRINT_IMPORT",
      fields: { blueprint: place },
      cause,
    });
  }
  if (isBlueprint(module.default)) return module.default;
  const found = "default" in module
    ? `a default export of type ${typeof module.default}`
    : "no default export";
  throw new BlueprintError(
    `blueprint ${place}: expected "export default defineBlueprint({ … })", found ${found}`,
    { fields: { blueprint: place } },
  );
}
