/**
 * What differs between Deno and Bun, and nothing else: the only folder that names either. Whatever both have as a
 * `node:` module needs no place here.
 *
 * @module
 */

export * from "./heap.ts";
export * from "./memory.ts";
export * from "./packages_hint.ts";
export * from "./runtime.ts";
export * from "./serve.ts";
export * from "./server.ts";
