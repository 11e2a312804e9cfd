/**
 * Where material comes from: the source contract and the sources that come with Shopfloor. A source is a plain
 * description; the procurement department opens it.
 *
 * @module
 */

export type { GeneratorContext, Yielded } from "./generator_context.ts";
export * from "./generator_source.ts";
export * from "./ndjson_source.ts";
export * from "./push_source.ts";
export * from "./source.ts";
