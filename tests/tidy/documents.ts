/**
 * What the documents say, held against the tree.
 *
 * @module
 */

import { posix } from "node:path";
import { flagOf, OPTION_KEYS } from "../../src/terminal/options.ts";
import type { Tree } from "./tree.ts";

/** Links inside the tree lead somewhere. */
export function links(tree: Tree): string[] {
  return [...tree].filter(([path]) => path.endsWith(".md")).flatMap(([path, text]) =>
    [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => target)
      .filter((target) => !target.includes("://"))
      .filter((target) => !exists(tree, posix.join(posix.dirname(path), target)))
      .map((target) => `${path} links to ${target}, which is not there`)
  );
}

function exists(tree: Tree, path: string): boolean {
  const folder = `${path.replace(/\/$/, "")}/`;
  return tree.has(path) || [...tree.keys()].some((other) => other.startsWith(folder));
}

/** The README's table of endpoints is what the control server answers. */
export function endpoints(tree: Tree): string[] {
  const served = new Set(
    [...tree].filter(([path]) => path.startsWith("src/control/routes/")).flatMap(([, text]) =>
      [...text.matchAll(/(?:\bapp|^\s*|\bHono\(\))\.(get|post|put|patch|delete)\(\s*"([^"]+)"/gm)]
        .map(([, method, path]) => `${method.toUpperCase()} ${path}`)
    ),
  );
  return difference(served, tabled(tree, /^\| `((?:GET|POST|PUT|PATCH|DELETE) \/\S*)` +\|/gm), "endpoint");
}

/** The README's table of options is what the command line takes. */
export function options(tree: Tree, flags: readonly string[] = OPTION_KEYS.map(flagOf)): string[] {
  return difference(new Set(flags), tabled(tree, /^\| `(--[a-z-]+)[^|]*\|/gm), "option");
}

function tabled(tree: Tree, row: RegExp): Set<string> {
  return new Set([...(tree.get("README.md") ?? "").matchAll(row)].map(([, cell]) => cell));
}

function difference(real: ReadonlySet<string>, told: ReadonlySet<string>, what: string): string[] {
  return [
    ...[...real].filter((name) => !told.has(name)).map((name) => `README.md lacks the ${what} ${name}`),
    ...[...told].filter((name) => !real.has(name)).map((name) =>
      `README.md has the ${what} ${name}: there is none`
    ),
  ];
}

/** The command that the README gives for the tests is the one that .ci/run runs. */
export function testCommand(tree: Tree): string[] {
  const commands = /^```sh\n(npm install)\n(npm test)\n```$/m.exec(tree.get("README.md") ?? "")?.slice(1);
  if (commands === undefined) return ["README.md does not say how to pass the tests on a bare machine"];
  const script = (tree.get(".ci/run") ?? "").split("\n");
  return commands
    .filter((command) => !script.some((line) => line === command || line.startsWith(`${command} ||`)))
    .map((command) => `.ci/run does not run "${command}"`);
}

/** The blueprint that the README shows is the one that is there to be run. */
export function shownBlueprint(tree: Tree): string[] {
  const path = "examples/orders.ts";
  const shown = (tree.get("README.md") ?? "").includes("```ts\n" + tree.get(path) + "```");
  return shown ? [] : [`README.md does not show ${path} as it is`];
}
