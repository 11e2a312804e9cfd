/**
 * A source tree as data: the real one, or one that a test makes up.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Texts by path, with `/` between names and none at the start. */
export type Tree = ReadonlyMap<string, string>;

/** What a rule has to say: one sentence for each thing that is wrong, beginning with its path. */
export type Rule = (tree: Tree) => string[];

/** Nobody's source. */
const FOREIGN: ReadonlySet<string> = new Set([".git", "node_modules", "data", "out", "coverage"]);

const TEXTS = /\.(ts|mjs|js|json|md|lock|svg)$|^(Dockerfile|LICENSE|run|\.gitignore)$/;

/** Every text below `root`. */
export function readTree(root: string): Tree {
  const tree = new Map<string, string>();
  const read = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (FOREIGN.has(entry.name)) continue;
      if (entry.isDirectory()) read(path);
      else if (TEXTS.test(entry.name)) tree.set(path, readFileSync(join(root, path), "utf8"));
    }
  };
  read("");
  return tree;
}

/** Paths of TypeScript below the given folders. */
export function sources(tree: Tree, ...folders: string[]): string[] {
  return [...tree.keys()].filter((path) =>
    path.endsWith(".ts") && (folders.length === 0 || folders.some((folder) => path.startsWith(`${folder}/`)))
  );
}
