/**
 * Affinity: keys of the same class are served by the same workshops, which serve no other class if there are enough
 * of them.
 *
 * @module
 */

import { type Block, BlueprintError, cutBlocks, hashKey, placeIn } from "../core/mod.ts";
import { CLASS_BLOCKS, CLASS_UNITS, CLASSES } from "../core/limits.ts";

/**
 * Classes that are known beforehand.
 *
 * @example
 * ```ts
 * import { defineBlueprint, keyed } from "@shopfloor/shopfloor";
 * import { inline, VirtualClock } from "@shopfloor/shopfloor/testing";
 * import { z } from "zod";
 * import assert from "node:assert/strict";
 *
 * const blueprint = defineBlueprint({
 *   name: "devices",
 *   material: z.object({ device: z.string(), kind: z.string() }),
 *   key: ({ device }) => device,
 *   affinity: { of: ({ kind }) => kind, classes: ["camera", "meter"], workshops: { camera: 2 } },
 *   products: {},
 *   workshop: keyed({ hire: () => null, work() {} }),
 * });
 * const clock = new VirtualClock();
 * const factory = await inline(blueprint, { clock, workshops: 3 });
 * await clock.until(factory.push([{ device: "m1", kind: "meter" }, { device: "c1", kind: "camera" }]));
 * await clock.advance(2_000);
 * const classes = factory.latestInspection()!.classes!.map(({ name, workshops }) => [name, workshops]);
 * assert.deepEqual(classes, [["camera", [0, 2]], ["meter", [1]]]);
 * await clock.until(factory.close());
 * ```
 */
export interface DeclaredAffinity<M> {
  /** The class of an item, the same for every item of a key. An item of none of the classes is rejected. */
  readonly of: (material: M) => string;
  /** 1 to 64 names. With at least as many workshops, each class has workshops of its own. */
  readonly classes: readonly string[];
  /**
   * Weights by class: of more workshops than classes, a class of weight 2 gets about twice as many as one of
   * weight 1. Default 1 each.
   */
  readonly workshops?: Readonly<Record<string, number>>;
}

/**
 * The class of an item, which must be the same for every item of a key. As a mere function, the hash of the class's
 * name chooses one of 16 blocks of slots: two classes may come to share one.
 */
export type Affinity<M> = ((material: M) => string) | DeclaredAffinity<M>;

/** An affinity as the departments see it. */
export interface Placement {
  /** The class of an item that fits the schema. Procurement calls it once for each item. */
  readonly of: (material: unknown) => string;
  /** One for each class, or those that names are hashed to. */
  readonly blocks: readonly Block[];
  /** Whether each block is a class. */
  readonly declared: boolean;
}

/** @throws {BlueprintError} naming the field that is missing or wrong */
export function placementOf(affinity: Affinity<never>): Placement {
  if (typeof affinity === "function") {
    const names = Array.from({ length: CLASS_BLOCKS }, (_, index) => `block ${index}`);
    return { of: affinity as Placement["of"], blocks: cutBlocks(names), declared: false };
  }
  checkDeclared(affinity);
  const { of, classes, workshops } = affinity;
  return { of: of as Placement["of"], blocks: cutBlocks(classes, workshops), declared: true };
}

/** Where a key may be, as hashes: its class isn't known, so one for each block. */
export function placesOf(placement: Placement | undefined, key: string): number[] {
  const hash = hashKey(key);
  return placement === undefined ? [hash] : placement.blocks.map((block) => placeIn(block, hash));
}

/** What has to be the same for keys to be in the same slots, as text. */
export function layoutOf(placement: Placement | undefined): string {
  if (placement === undefined) return "";
  const { blocks, declared } = placement;
  return declared ? JSON.stringify(blocks.map(({ name }) => name)) : `${blocks.length} blocks`;
}

function checkDeclared(affinity: DeclaredAffinity<never>): void {
  if (typeof affinity !== "object" || affinity === null) {
    refuse("affinity", "must be a function of the material, or { of, classes }");
  }
  const { of, classes, workshops = {} } = affinity;
  if (typeof of !== "function") refuse("affinity.of", "must be a function of the material");
  if (!Array.isArray(classes) || classes.length < 1 || classes.length > CLASSES) {
    refuse("affinity.classes", `must be an array of 1 to ${CLASSES} names`);
  }
  for (const name of classes) {
    if (typeof name === "string" && name.length > 0 && name.length <= CLASS_UNITS) continue;
    refuse("affinity.classes", `must be strings of 1 to ${CLASS_UNITS} characters`);
  }
  if (new Set(classes).size < classes.length) refuse("affinity.classes", "must differ from one another");
  for (const [name, weight] of Object.entries(workshops)) {
    if (!classes.includes(name)) refuse(`affinity.workshops.${name}`, "is none of the classes");
    if (typeof weight === "number" && weight > 0 && weight < Infinity) continue;
    refuse(`affinity.workshops.${name}`, "must be a number above 0");
  }
}

function refuse(field: string, problem: string): never {
  throw new BlueprintError(`blueprint: ${field} ${problem}`, { fields: { field } });
}
