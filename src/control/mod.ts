/**
 * Reception: the HTTP side of a factory. Control endpoints, metrics, ingestion, event streams and the page, over
 * the `Factory` interface and with no logic of the factory's own. `start` opens it; a program that has opened a
 * factory itself does so with `openControl`.
 *
 * @module
 */

export * from "./control.ts";
export * from "./open_control.ts";
export type { ControlOptions, OnError } from "./options.ts";
export type { Peer } from "./control_env.ts";
