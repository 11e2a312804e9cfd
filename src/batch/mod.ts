/**
 * Batches: many items in one ArrayBuffer, a column for each field, in Apache Arrow's memory layout. A zod schema
 * decides the columns ({@link compileCodec}); its codec checks items as it writes them, and builds them again.
 *
 * @module
 */

export * from "./batch.ts";
export * from "./codec.ts";
export * from "./dead_letter.ts";
export { usedBytes } from "./layout.ts";
export * from "./worker_state.ts";
