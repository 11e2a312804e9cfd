import process from "node:process";

/** Resident memory of the whole process, all Web Workers included, in bytes. */
export function residentMemoryBytes(): number {
  return process.memoryUsage().rss;
}
