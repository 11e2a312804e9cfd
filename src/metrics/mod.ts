export * from "./figures.ts";
export * from "./histogram.ts";
