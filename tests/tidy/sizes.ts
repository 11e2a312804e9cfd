/**
 * How long files and functions may get. In a tree that `deno fmt` has formatted, a body ends at the first line that
 * closes it at the depth at which it was opened.
 *
 * @module
 */

import { codeOf } from "./scan.ts";
import { sources, type Tree } from "./tree.ts";

const FILE_LINES = 400;
const FUNCTION_LINES = 70;
const ENTRY_LINES = 60;

/** Files that may be longer, each with the reason. */
export const LONG_FILES: Readonly<Record<string, string>> = {
  "src/core/limits.ts": "every bound of the factory, in one place",
  "tests/operations/operator_test.ts": "one suite of one class, test after test",
};

/** Functions that may be longer, by `path name`, each with the reason. */
export const LONG_FUNCTIONS: Readonly<Record<string, string>> = {};

/** Files fit into a head, entries on a screen. An exception that is not needed any more is one too many. */
export function fileSizes(tree: Tree, exceptions: Readonly<Record<string, string>> = LONG_FILES): string[] {
  const problems: string[] = [];
  for (const path of sources(tree)) {
    const lines = tree.get(path)!.trimEnd().split("\n").length;
    const most = path.startsWith("workers/") ? ENTRY_LINES : FILE_LINES;
    if (lines > most && !(path in exceptions)) problems.push(`${path} has ${lines} lines, more than ${most}`);
    if (lines <= most && path in exceptions) problems.push(`${path} is short enough: it needs no exception`);
  }
  return [...problems, ...gone(tree, Object.keys(exceptions))];
}

/** Functions of what runs; a `describe` of a test is a list, not a function. */
export function functionSizes(
  tree: Tree,
  exceptions: Readonly<Record<string, string>> = LONG_FUNCTIONS,
): string[] {
  const problems: string[] = [];
  const long = new Set<string>();
  for (const path of [...sources(tree, "src", "workers", "examples", "bench", "compat"), "mod.ts"]) {
    for (const { name, line, lines } of functionsOf(tree.get(path) ?? "")) {
      if (lines <= FUNCTION_LINES) continue;
      long.add(`${path} ${name}`);
      if (`${path} ${name}` in exceptions) continue;
      problems.push(`${path}:${line} ${name} has ${lines} lines, more than ${FUNCTION_LINES}`);
    }
  }
  const needless = Object.keys(exceptions).filter((name) => !long.has(name));
  return [...problems, ...needless.map((name) => `${name} is short enough: it needs no exception`)];
}

function gone(tree: Tree, paths: readonly string[]): string[] {
  return paths.filter((path) => !tree.has(path)).map((path) => `${path} is gone: it needs no exception`);
}

/** A line that opens a body: it ends in `{` behind parameters (with a type, perhaps) or an arrow. */
const OPENS = /(?:\)(?:: [^=]+)?|=>) \{$|^\s*\}?\)?: .+ \{$/;
const NO_FUNCTION =
  /^\s*(?:\} )?(?:if|for|while|switch|catch|else|with|do|class|interface|export interface)\b/;

/** The functions of a source with the number of lines of each, signature included. */
export function functionsOf(source: string): { name: string; line: number; lines: number }[] {
  const rows = codeOf(source).split("\n").map((row) => row.trimEnd());
  const found: { name: string; line: number; lines: number }[] = [];
  rows.forEach((row, index) => {
    if (!OPENS.test(row) || NO_FUNCTION.test(row)) return;
    const depth = row.search(/\S/);
    const end = rows.findIndex((other, at) =>
      at > index && other.search(/\S/) === depth && /^\s*\}/.test(other)
    );
    const start = signatureStart(rows, index, depth);
    if (end < 0 || NO_FUNCTION.test(rows[start])) return;
    found.push({ name: nameIn(rows[start]), line: start + 1, lines: end - start + 1 });
  });
  return found;
}

/** A signature of several lines begins at the nearest line before that is as deep and opens a bracket. */
function signatureStart(rows: readonly string[], index: number, depth: number): number {
  if (!/^\s*[)}\]]/.test(rows[index])) return index;
  for (let at = index - 1; at >= 0; at--) {
    if (rows[at].search(/\S/) === depth && !/^\s*[)}\]]/.test(rows[at])) return at;
  }
  return index;
}

function nameIn(row: string): string {
  const [, name] =
    /(?:function\*? |get |set |const |let |async |static )*(#?[\w$]+)\s*[=(<:]/.exec(row.trim()) ?? [];
  return name ?? "a function";
}
