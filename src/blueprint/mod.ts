/**
 * What users write: {@link defineBlueprint} and the kinds of workshop.
 *
 * @module
 */

export * from "./affinity.ts";
export * from "./blueprint.ts";
export * from "./codecs.ts";
export * from "./keyed.ts";
export * from "./load.ts";
export * from "./schema.ts";
export * from "./service.ts";
export * from "./worker.ts";
