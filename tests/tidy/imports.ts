/**
 * Who imports what.
 *
 * @module
 */

import { posix } from "node:path";
import { withoutComments } from "./scan.ts";
import type { Tree } from "./tree.ts";

/** The specifiers that a module imports or exports from, statically or not, types too. */
export function specifiersOf(source: string): string[] {
  const code = withoutComments(source);
  const patterns = [
    /^(?:import|export)\b[^"'`;]*?\bfrom\s*"([^"]+)"/gm,
    /^import\s*"([^"]+)"/gm,
    /\bimport\(\s*"([^"]+)"/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map(([, specifier]) => specifier));
}

/** What a module imports: files of the tree by their path, and packages by their name. */
export function importsOf(tree: Tree, path: string): { files: string[]; packages: string[] } {
  const files: string[] = [];
  const packages: string[] = [];
  for (const specifier of specifiersOf(tree.get(path) ?? "")) {
    if (specifier.startsWith(".")) files.push(posix.join(posix.dirname(path), specifier));
    else packages.push(specifier.startsWith("node:") ? specifier : packageOf(specifier));
  }
  return { files, packages };
}

/** `hono/cors` is of `hono`, `@std/async/delay` of `@std/async`. */
function packageOf(specifier: string): string {
  return specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Every file that is reached by imports from `roots`, the roots too. */
export function reachable(tree: Tree, roots: readonly string[]): Set<string> {
  const found = new Set<string>();
  const waiting = roots.filter((root) => tree.has(root));
  while (waiting.length > 0) {
    const path = waiting.pop()!;
    if (found.has(path)) continue;
    found.add(path);
    waiting.push(...importsOf(tree, path).files.filter((file) => tree.has(file)));
  }
  return found;
}
