/**
 * Names of files and folders, and words that don't belong into a tree.
 *
 * @module
 */

import { sources, type Tree } from "./tree.ts";

/** What stands at the top: everything else has a place below. */
const TOP: ReadonlySet<string> = new Set([
  ".ci",
  ".github",
  ".gitignore",
  "CHANGELOG.md",
  "Dockerfile",
  "LICENSE",
  "README.md",
  "bench",
  "bun.lock",
  "compat",
  "deno.json",
  "deno.lock",
  "examples",
  "mod.ts",
  "package-lock.json", // npm's, ignored by git
  "package.json",
  "src",
  "tests",
  "tsconfig.json",
  "workers",
]);

/** Names that say nothing. */
const EMPTY_NAME = /(?:^|_)(?:utils?|commons?|helpers?|misc|managers?)(?:_|\.|$)/;

/** With an underscore in front it is private to its folder. */
const SNAKE_CASE = /^_?[a-z0-9]+(?:_[a-z0-9]+)*(?:\.d)?\.ts$/;

/** Work that somebody meant to do; split, so that the rule passes itself. */
const PROMISES = new RegExp(`\\b(?:${["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].join("|")})\\b`);

/** Files in snake_case, no names that say nothing, nothing at the top that has a place below. */
export function names(tree: Tree): string[] {
  const problems: string[] = [];
  for (const path of tree.keys()) {
    const parts = path.split("/");
    const file = parts.at(-1)!;
    if (!TOP.has(parts[0])) problems.push(`${path} has no place at the top`);
    if (file.endsWith(".ts") && !SNAKE_CASE.test(file)) problems.push(`${path} is not in snake_case`);
    const empty = parts.find((part) => EMPTY_NAME.test(part));
    if (empty !== undefined) problems.push(`${path}: "${empty}" says nothing about what is in it`);
  }
  return problems;
}

/** Nothing is promised. */
export function promises(tree: Tree): string[] {
  return [...tree].flatMap(([path, text]) => {
    const lines = text.split("\n");
    const line = lines.findIndex((row) => PROMISES.test(row));
    return line < 0 ? [] : [`${path}:${line + 1} promises something: ${lines[line].trim()}`];
  });
}

/** Every folder of src has a `mod.ts` that begins with what the folder is for. */
export function folderDocs(tree: Tree): string[] {
  const folders = new Set(sources(tree, "src").map((path) => path.split("/").slice(0, 2).join("/")));
  return [...folders].flatMap((folder) => {
    const mod = tree.get(`${folder}/mod.ts`);
    if (mod === undefined) return [`${folder} has no mod.ts`];
    return /^\/\*\*\n \* [^@\n][^]*? \* @module\n \*\//.test(mod)
      ? []
      : [`${folder}/mod.ts does not begin by saying what the folder is for`];
  });
}
