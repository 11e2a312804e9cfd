/**
 * Figures: what departments count about themselves, and histograms of durations.
 *
 * @module
 */

export * from "./figures.ts";
export * from "./histogram.ts";
export * from "./hot_keys.ts";
export * from "./service_figures.ts";
