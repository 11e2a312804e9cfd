/**
 * Reception: the HTTP side of a factory. Control endpoints, metrics, ingestion, event streams and the page, over
 * the {@link Factory} interface and with no logic of the factory's own.
 *
 * @module
 */

export * from "./control.ts";
export * from "./open_control.ts";
export type { ControlOptions } from "./options.ts";
