/**
 * Where products go: the sink contract and the sinks that come with Shopfloor. A sink is a plain description; the
 * driver in the transport department opens it.
 *
 * @module
 */

export * from "./assign_sinks.ts";
export * from "./callback_sink.ts";
export * from "./discard_sink.ts";
export * from "./ndjson_sink.ts";
export * from "./postgres_sink.ts";
export type { PostgresSettings } from "./postgres_connection.ts";
export * from "./sink.ts";
export * from "./sqlite_sink.ts";
