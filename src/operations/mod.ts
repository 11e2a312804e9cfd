/**
 * Operations: takes every department's figures once a second and works out rates, back-pressure and the bottleneck.
 *
 * @module
 */

export * from "./department.ts";
export * from "./inspection.ts";
export * from "./operator.ts";
export type { Inspected } from "./watch.ts";
