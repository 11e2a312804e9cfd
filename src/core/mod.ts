/**
 * Values that every department shares: errors, limits, the clock and the hash. No I/O, no state.
 *
 * @module
 */

export * from "./abortable.ts";
export * from "./blocks.ts";
export * from "./clock.ts";
export * from "./errors.ts";
export * from "./hash.ts";
export * from "./printable.ts";
export * from "./settings.ts";
export * from "./mutex.ts";
