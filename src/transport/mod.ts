/**
 * Transport: the porter takes products off the conveyors, the warehouse keeps them by type, the driver takes them
 * to the sinks and commits epochs; the dispatcher manages them.
 *
 * @module
 */

export type { TransportConfig, TransportEvent } from "./config.ts";
export * from "./dispatcher.ts";
export type { Handover, LetterReport } from "./driver.ts";
export type { ProductEvent, TapAnswer, TapMessage } from "./tap.ts";
