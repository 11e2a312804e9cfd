/**
 * The test kit: a whole factory in one thread, a clock to let time pass, and the conformance suites of the source
 * and sink contracts.
 *
 * @module
 */

export { Accidents, type Victim } from "./accidents.ts";
export * from "./inline.ts";
export * from "./sink_conformance.ts";
export * from "./source_conformance.ts";
export * from "./virtual_clock.ts";
