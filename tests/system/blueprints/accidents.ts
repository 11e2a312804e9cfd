/** What can happen to a Web Worker. */

import process from "node:process";

/** By name; each is called in the Web Worker that it is to happen to. */
export const ACCIDENTS: Record<string, () => void> = {
  throws: () =>
    void setTimeout(() => {
      throw new Error("out of the blue");
    }),
  rejects: () => void Promise.reject(new Error("nobody cares")),
  spins() {
    while (true);
  },
  ends() {
    const scope = globalThis as unknown as { close?: () => void };
    if (process.versions.bun) process.exit(1);
    scope.close?.();
  },
};
