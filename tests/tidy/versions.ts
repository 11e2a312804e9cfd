/**
 * Numbers that stand in several places, held equal.
 *
 * @module
 */

import type { Tree } from "./tree.ts";

/** deno.json, package.json and what the program says of itself. */
export function versions(tree: Tree): string[] {
  const wanted = json(tree, "deno.json").version;
  const found: Record<string, unknown> = {
    "package.json": json(tree, "package.json").version,
    "src/headquarters/version.ts": /VERSION: string = "([^"]+)"/.exec(
      tree.get("src/headquarters/version.ts") ?? "",
    )?.[1],
  };
  return Object.entries(found)
    .filter(([, version]) => version !== wanted)
    .map(([path, version]) => `${path} has version ${version}, deno.json has ${wanted}`);
}

/** Dependencies are pinned, and what both locks hold they hold alike, from whatever registry. */
export function locks(tree: Tree): string[] {
  const deno = denoVersions(tree);
  const bun = bunVersions(tree);
  const { dependencies, devDependencies, optionalDependencies, allowScripts } = json(tree, "package.json");
  const wanted = { ...dependencies, ...devDependencies } as Record<string, string>;
  const runtimes = (optionalDependencies ?? {}) as Record<string, string>;
  const problems: string[] = [];
  for (const [name, version] of Object.entries({ ...wanted, ...runtimes })) {
    if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`package.json does not pin ${name}: ${version}`);
    if (bun.get(name) !== version) {
      problems.push(`bun.lock has ${name} ${bun.get(name)}, package.json ${version}`);
    }
    if (name in wanted && deno.get(name) !== version) {
      problems.push(`deno.lock has ${name} ${deno.get(name)}, package.json ${version}`);
    }
  }
  for (const [name, version] of deno) {
    if (bun.has(name) && bun.get(name) !== version) {
      problems.push(`deno.lock has ${name} ${version}, bun.lock ${bun.get(name)}`);
    }
    if (!bun.has(name)) problems.push(`deno.lock has ${name}, bun.lock does not`);
  }
  for (const name of Object.keys(runtimes)) {
    if (allowScripts?.[name] !== true) {
      problems.push(`package.json: allowScripts lacks ${name}, npm 12 would skip it`);
    }
  }
  for (const path of ["deno.lock", "bun.lock"]) {
    if (tree.get(path)?.includes("://")) problems.push(`${path} names a registry's host`);
  }
  return problems;
}

// deno-lint-ignore no-explicit-any -- files of other programs, read as they come
function json(tree: Tree, path: string): any {
  return JSON.parse(tree.get(path) ?? "{}");
}

/** `"zod@4.6.7": {…}` */
function denoVersions(tree: Tree): Map<string, string> {
  return new Map(Object.keys(json(tree, "deno.lock").npm ?? {}).map(nameAndVersion));
}

/** `"zod": ["zod@4.6.7", …]`, with a comma behind every last entry. */
function bunVersions(tree: Tree): Map<string, string> {
  const text = (tree.get("bun.lock") ?? "{}").replaceAll(/,(\s*[}\]])/g, "$1");
  const packages: Record<string, [string]> = JSON.parse(text).packages ?? {};
  return new Map(Object.values(packages).map(([id]) => nameAndVersion(id)));
}

/** `@types/node@26.6.6_peer@1.0.0` is `@types/node` in version `26.6.6`. */
function nameAndVersion(id: string): [string, string] {
  const at = id.indexOf("@", 1);
  return [id.slice(0, at), id.slice(at + 1).split("_")[0]];
}
