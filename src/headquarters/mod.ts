/**
 * Headquarters: opens factories, joins and watches their departments, and speaks for them.
 *
 * @module
 */

export { Ceo } from "./ceo.ts";
export { deadLetterReport } from "./dead_letters.ts";
export * from "./factory.ts";
export * from "./open_factory.ts";
export * from "./options.ts";
export * from "./site.ts";
export * from "./version.ts";
