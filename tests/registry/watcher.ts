import assert from "node:assert/strict";
import type { Endpoint, Registry } from "../../src/registry/mod.ts";

/** Longest time that a test waits for anything. */
const PATIENCE_MS = 20_000;

/** What somebody who watches a service has been told. */
export interface Watcher {
  /** All lists, in order. */
  readonly lists: (readonly Endpoint[])[];
  /** The URLs of the last list. */
  urls(): string[];
  /** Resolves when the last list has exactly these URLs. */
  until(urls: readonly string[]): Promise<void>;
  stop(): void;
}

/** Watches a service; resolves with the first list. */
export async function follow(registry: Registry, service: string): Promise<Watcher> {
  const controller = new AbortController();
  const lists: (readonly Endpoint[])[] = [];
  const urls = () => lists.at(-1)!.map(({ url }) => url);
  await registry.watch(service, {
    signal: controller.signal,
    onChange: (endpoints) => void lists.push(endpoints),
  });
  return {
    lists,
    urls,
    until: async (wanted) => {
      const text = JSON.stringify(wanted);
      await until(
        () => JSON.stringify(urls()) === text,
        () => `${text} was never listed: ${JSON.stringify(lists)}`,
      );
    },
    stop: () => controller.abort(new Error("the test has seen enough")),
  };
}

/** Resolves when a condition holds; fails when it takes far too long. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  problem: () => string = () => "never happened",
): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await condition());) {
    assert.ok(Date.now() < end, problem());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
