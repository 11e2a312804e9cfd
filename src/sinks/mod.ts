export * from "./sink.ts";
