import process from "node:process";

/** Heap in use, in bytes: of this Web Worker where the runtime tells them apart, else of the process. */
export function heapBytes(): number {
  return process.memoryUsage().heapUsed;
}
