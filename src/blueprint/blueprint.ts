/**
 * A blueprint: what one factory makes of what. Users write it with {@link defineBlueprint}; every department
 * imports the same module and uses its part of it.
 *
 * @module
 */

import { BlueprintError, type Settings } from "../core/mod.ts";
import type { Services } from "../rpc/mod.ts";
import type { Sink } from "../sinks/mod.ts";
import type { Source } from "../sources/mod.ts";
import { type Affinity, type Placement, placementOf } from "./affinity.ts";
import { outOfBounds } from "./bounds.ts";
import type { Workshop, WorkshopDefinition } from "./keyed.ts";
import type { InputOf, OutputOf, Schema } from "./schema.ts";
import { checkServices } from "./service.ts";

/** Product schemas by type. */
export type ProductSchemas = Readonly<Record<string, Schema>>;

/** What may be shipped for each product type. */
export type ProductsOf<P extends ProductSchemas> = { [Type in keyof P]: InputOf<P[Type]> };

/** One sink for all product types, or one for each. */
export type Sinks<Type extends string> = Sink | { readonly [T in Type]: Sink };

/** What {@link defineBlueprint} takes. */
export interface BlueprintDefinition<M extends Schema, P extends ProductSchemas> {
  /** Names the factory in reports and logs. Letters, digits, `-` and `_`. */
  readonly name: string;
  /** Schema of the items that come in: a zod object (other schemas work too, as one JSON column). */
  readonly material: M;
  /** The key of an item: its items are processed in order, by one worker. Must be a non-empty string. */
  readonly key: (material: OutputOf<M>) => string;
  /**
   * The class of an item: keys of a class are kept on workshops of its own, so that one that stalls holds up no
   * other. Default: keys are spread over all workshops.
   */
  readonly affinity?: Affinity<OutputOf<M>>;
  /** Schemas of what goes out, by product type. */
  readonly products: P;
  /** What is done with each item. */
  readonly workshop: NoInfer<Workshop<OutputOf<M>, ProductsOf<P>>>;
  /** Where material comes from, or a function of the settings. Default: only what is pushed. */
  readonly source?: Source | ((settings: Settings) => Source);
  /** What workers call with `context.call`, by name, or a function of the settings. Default: nothing. */
  readonly services?: Services | ((settings: Settings) => Services);
  /** Where products go, or a function of the settings. Default: they are discarded. */
  readonly sinks?: Sinks<keyof P & string> | ((settings: Settings) => Sinks<keyof P & string>);
}

/** A blueprint as the departments see it, types forgotten. */
export interface Blueprint {
  /** Names the factory in reports and logs, and owns its data directory: another name can't open that. */
  readonly name: string;
  /** What every item has to fit; one that doesn't is rejected before it gets a worker. */
  readonly material: Schema;
  /** The key of an item that fits. Procurement calls it once for each item. */
  readonly key: (material: unknown) => string;
  /** Where keys are put by their class. Missing if they are spread over all slots. */
  readonly affinity?: Placement;
  /** What shipped products have to fit, by type. */
  readonly products: ProductSchemas;
  /** What {@link keyed} was given. */
  readonly workshop: WorkshopDefinition;
  /** Describes the source; procurement calls it when it opens. Undefined if everything is pushed. */
  readonly source: ((settings: Settings) => Source) | undefined;
  /** Describes the services; each workshop calls it when it opens. Undefined if workers call nothing. */
  readonly services: ((settings: Settings) => Services) | undefined;
  /** Describes the sinks; transport calls it when it opens. Undefined if products are discarded. */
  readonly sinks: ((settings: Settings) => Sinks<string>) | undefined;
}

/** Marks what {@link defineBlueprint} made, across copies of this library. */
export const BLUEPRINT: unique symbol = Symbol.for("shopfloor.blueprint");

/**
 * Describes a factory. Has no effect but checking the description. The result is frozen, and meant to be the default
 * export of a module of its own, which every department imports.
 *
 * @throws {BlueprintError} naming the field that is missing or wrong
 *
 * @example
 * ```ts
 * import { BlueprintError, defineBlueprint, keyed } from "@shopfloor/shopfloor";
 * import { z } from "zod";
 * import assert from "node:assert/strict";
 *
 * const describe = (name: string) =>
 *   defineBlueprint({
 *     name,
 *     material: z.object({ device: z.string(), celsius: z.number() }),
 *     key: ({ device }) => device,
 *     products: { alarm: z.object({ celsius: z.number() }) },
 *     workshop: keyed({
 *       hire: (_key, { settings }) => ({ limit: Number(settings.limit ?? 90) }),
 *       work({ state }, { celsius }, ship) {
 *         if (celsius > state.limit) ship("alarm", { celsius });
 *       },
 *     }),
 *   });
 * assert.equal(describe("alarms").name, "alarms");
 * assert.throws(() => describe("no blanks, please"), BlueprintError);
 * ```
 */
export function defineBlueprint<const M extends Schema, const P extends ProductSchemas>(
  definition: BlueprintDefinition<M, P>,
): Blueprint {
  check(definition);
  const { affinity, source, services, sinks } = definition;
  const blueprint: Blueprint = {
    name: definition.name,
    material: definition.material,
    key: definition.key as (material: unknown) => string,
    affinity: affinity && placementOf(affinity),
    products: definition.products,
    workshop: definition.workshop(),
    source: source && (typeof source === "function" ? source : () => source),
    services: services && (typeof services === "function" ? services : () => services),
    sinks: sinks && (typeof sinks === "function" ? sinks : () => sinks),
  };
  Object.defineProperty(blueprint, BLUEPRINT, { value: true });
  return Object.freeze(blueprint);
}

/** Whether a value was made by {@link defineBlueprint}. */
export function isBlueprint(value: unknown): value is Blueprint {
  return typeof value === "object" && value !== null && BLUEPRINT in value;
}

const NAME = /^[A-Za-z][\w-]{0,63}$/;

function check(definition: BlueprintDefinition<Schema, ProductSchemas>): void {
  const refuse = (field: string, problem: string): never => {
    throw new BlueprintError(`blueprint: ${field} ${problem}`, { fields: { field } });
  };
  if (typeof definition !== "object" || definition === null) refuse("definition", "must be an object");
  const { name, material, key, products, workshop, source, services, sinks } = definition;
  if (typeof name !== "string" || !NAME.test(name)) {
    refuse(
      "name",
      `must be a letter followed by letters, digits, "-" or "_" (64 at most), found ${show(name)}`,
    );
  }
  if (!isSchema(material)) refuse("material", `must be a zod schema, found ${show(material)}`);
  if (typeof key !== "function") refuse("key", `must be a function of the material, found ${show(key)}`);
  if (definition.affinity !== undefined) placementOf(definition.affinity);
  if (typeof products !== "object" || products === null) {
    refuse("products", "must be an object of zod schemas");
  }
  for (const [type, schema] of Object.entries(products)) {
    if (!NAME.test(type)) {
      refuse(`products.${type}`, `must be named by a letter and letters, digits, "-" or "_"`);
    }
    if (!isSchema(schema)) refuse(`products.${type}`, `must be a zod schema, found ${show(schema)}`);
  }
  if (typeof workshop !== "function") refuse("workshop", "must be keyed({ … })");
  const description = workshop() ?? {};
  const { kind, hire, work } = description;
  if (kind !== "keyed") refuse("workshop", "must be keyed({ … })");
  if (typeof hire !== "function") refuse("workshop.hire", `must be a function, found ${show(hire)}`);
  if (typeof work !== "function") refuse("workshop.work", `must be a function, found ${show(work)}`);
  const wrong = outOfBounds(description);
  if (wrong) refuse(`workshop.${wrong.path}`, `must be ${wrong.wanted}`);
  if (source !== undefined && typeof source !== "function" && typeof source?.open !== "function") {
    refuse("source", `must be a source such as ndjson(), or a function of the settings`);
  }
  if (services !== undefined && typeof services !== "function") checkServices(services);
  if (sinks !== undefined && (typeof sinks !== "object" && typeof sinks !== "function" || sinks === null)) {
    refuse("sinks", "must be a sink such as sqlite(), an object of sinks, or a function of the settings");
  }
}

function isSchema(value: unknown): value is Schema {
  return (typeof value === "object" || typeof value === "function") && value !== null &&
    "~standard" in value &&
    "_zod" in value;
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : value === null ? "null" : typeof value;
}
