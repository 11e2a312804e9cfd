export * from "./batch.ts";
