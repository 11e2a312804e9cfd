export * from "./inspection.ts";
