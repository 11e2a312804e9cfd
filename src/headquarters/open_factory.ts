/**
 * Opening a factory.
 *
 * @module
 */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { loadBlueprint } from "../blueprint/mod.ts";
import { Ceo } from "./ceo.ts";
import type { Factory } from "./factory.ts";
import { type FactoryOptions, resolveOptions } from "./options.ts";
import { Traces } from "./traces.ts";
import { webWorkers } from "./web_workers.ts";

/**
 * Opens a factory: every department in a Web Worker of its own, joined by lines, and running.
 *
 * @param blueprint URL (or path from the working directory) of a module whose default export is a blueprint; every
 * department imports it
 * @throws {OptionsError} when an option is wrong
 * @throws {BlueprintError} when the module is no blueprint
 * @throws {SourceError} {@link SinkError} {@link StoreError} when a part of it can't be opened
 *
 * @example
 * ```ts
 * import { openFactory } from "@shopfloor/shopfloor";
 * import assert from "node:assert/strict";
 *
 * await using factory = await openFactory("./examples/orders.ts", { workshops: 2, input: "/dev/null" });
 * await factory.push([{ customer: "ann", cents: 1250 }, { customer: "bob", cents: 300 }]);
 * const { materials, products } = await factory.drain();
 * assert.equal(materials, 2);
 * assert.equal(products.total, 2);
 * ```
 */
export async function openFactory(blueprint: URL | string, options: FactoryOptions = {}): Promise<Factory> {
  const resolved = resolveOptions(options);
  const url = urlOf(blueprint);
  const loaded = await loadBlueprint(url);
  const site = webWorkers(url);
  const traces = resolved.traces ? await Traces.open({ factory: loaded.name, clock: site.clock }) : undefined;
  const ceo = new Ceo(loaded, { options: resolved, site, traces });
  await ceo.open();
  return ceo;
}

function urlOf(blueprint: URL | string): string {
  if (typeof blueprint !== "string" || URL.canParse(blueprint)) return String(blueprint);
  return pathToFileURL(resolve(blueprint)).href;
}
