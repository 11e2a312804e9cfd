/**
 * The organisation chart as rules: who may import whom, and what.
 *
 * @module
 */

import { importsOf, reachable } from "./imports.ts";
import { codeOf } from "./scan.ts";
import { sources, type Tree } from "./tree.ts";

/** A folder of `src` imports only from folders before it. */
export const FOLDERS: readonly string[] = [
  "core",
  "platform",
  "metrics",
  "batch",
  "line",
  "sources",
  "store",
  "sinks",
  "registry",
  "rpc",
  "blueprint",
  "procurement",
  "workshop",
  "transport",
  "operations",
  "headquarters",
  "control",
  "terminal",
  "testing",
];

/** Folders that never import one another, whatever their order. */
const STRANGERS: readonly (readonly string[])[] = [
  ["sources", "sinks"],
  ["procurement", "workshop", "transport", "operations"],
];

/** What workers/ may import: a department, the way in, and what a department is made of. */
const FOR_ENTRIES = [...FOLDERS.slice(0, FOLDERS.indexOf("headquarters"))];

/** Files that are imported past their folder's `mod.ts`: bounds by name, and what only entries need. */
const SIDE_DOORS: ReadonlySet<string> = new Set(["src/core/limits.ts", "src/headquarters/entry.ts"]);

/** Where each package may be imported. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@seriousme/openapi-schema-validator": ["tests/control/"],
  "@shopfloor/shopfloor": ["examples/", "tests/system/consumer/"],
  "@bufbuild/protobuf": ["src/rpc/", "tests/rpc/"],
  "@connectrpc/connect": ["tests/rpc/"],
  "@connectrpc/connect-node": ["tests/rpc/"],
  "@nats-io/kv": ["src/registry/"],
  "@nats-io/transport-node": ["src/registry/"],
  "@opentelemetry/api": ["src/headquarters/traces.ts", "src/control/request_spans.ts", "tests/"],
  "@opentelemetry/sdk-trace-base": ["tests/"],
  "@std/async": ["src/"],
  ajv: ["tests/control/"],
  "axe-core": ["tests/browser/"],
  comlink: ["src/headquarters/", "workers/"],
  devalue: ["src/workshop/"],
  "fast-check": ["tests/", "src/testing/"],
  hono: ["src/control/"],
  "http-parser-js": ["src/rpc/"],
  "hono-openapi": ["src/control/"],
  mitata: ["bench/"],
  piscina: ["bench/compare/"],
  "playwright-core": ["tests/browser/"],
  "poolifier-web-worker": ["bench/compare/"],
  "node:test": ["tests/", "src/testing/"],
  postgres: ["src/sinks/", "tests/sinks/"],
  "prom-client": ["src/control/"],
  workerpool: ["bench/compare/"],
  zod: [
    "src/batch/",
    "src/blueprint/",
    "src/control/",
    "src/headquarters/options.ts",
    "examples/",
    "tests/",
    "bench/",
  ],
};

/** What runs: everything else has to be reached from here. */
const ROOTS = /^(mod\.ts|src\/control\/client\.ts|src\/testing\/mod\.ts|workers\/.*\.ts)$/;

/** Imports follow the organisation chart. */
export function importDirection(tree: Tree): string[] {
  return sources(tree, "src", "workers").flatMap((path) =>
    importsOf(tree, path).files.flatMap((file) => {
      const problem = path.startsWith("workers/") ? entryImport(file) : departmentImport(path, file);
      return problem === undefined ? [] : [`${path} imports ${file}: ${problem}`];
    })
  );
}

function entryImport(file: string): string | undefined {
  if (file === "src/headquarters/entry.ts" || FOR_ENTRIES.includes(folderOf(file))) return sideDoor(file);
  return "workers/ imports departments, what they are made of, and headquarters/entry.ts only";
}

function departmentImport(path: string, file: string): string | undefined {
  const [from, to] = [folderOf(path), folderOf(file)];
  if (file.startsWith("workers/")) return "nobody imports workers/";
  if (!file.startsWith("src/")) return "src/ imports nothing outside of it";
  if (from === to) return undefined;
  if (FOLDERS.indexOf(to) < 0 || FOLDERS.indexOf(from) < 0) return "a folder that has no place in the order";
  if (FOLDERS.indexOf(to) > FOLDERS.indexOf(from)) return `${to} comes after ${from}`;
  if (STRANGERS.some((group) => group.includes(from) && group.includes(to))) {
    return `${from} and ${to} know nothing of each other`;
  }
  return sideDoor(file);
}

function sideDoor(file: string): string | undefined {
  return file.endsWith("/mod.ts") || SIDE_DOORS.has(file) ? undefined : "go through its folder's mod.ts";
}

/** `src/line/port.ts` is in `line`. */
function folderOf(path: string): string {
  return path.startsWith("src/") ? path.split("/")[1] : path.split("/")[0];
}

/** No file is among what it imports: what two need is in a third. */
export function circles(tree: Tree): string[] {
  const imports = new Map(sources(tree, "src").map((path) => [path, importsOf(tree, path).files]));
  for (let before = Infinity; imports.size < before;) { // whoever imports nothing more, or isn't imported, is in none
    before = imports.size;
    for (const [path, files] of imports) {
      if (!files.some((file) => imports.has(file))) imports.delete(path);
    }
    const imported = new Set([...imports.values()].flat());
    for (const path of imports.keys()) if (!imported.has(path)) imports.delete(path);
  }
  return [...imports.keys()].map((path) => `${path} is in a circle of imports`);
}

/** Packages stay where they belong, and nothing else is imported. */
export function packagePlaces(tree: Tree): string[] {
  return sources(tree).filter((path) => !path.startsWith("compat/")).flatMap((path) =>
    importsOf(tree, path).packages.flatMap((name) => {
      const places = PACKAGES[name];
      if (places === undefined) {
        return name.startsWith("node:") ? [] : [`${path} imports ${name}: no dependency of ours`];
      }
      return places.some((place) => path.startsWith(place))
        ? []
        : [`${path} imports ${name}: only ${places.join(", ")} may`];
    })
  );
}

/** Only src/platform names a runtime. */
export function runtimeNames(tree: Tree): string[] {
  return sources(tree).filter((path) => !path.startsWith("src/platform/")).flatMap((path) => {
    const name = /(?<![\w$])(?:Deno|Bun)(?![\w$])/.exec(codeOf(tree.get(path)!))?.[0];
    return name === undefined ? [] : [`${path} names ${name}: only src/platform does`];
  });
}

/** Every file of src is reached from something that runs or is published. */
export function deadFiles(tree: Tree): string[] {
  const reached = reachable(tree, [...tree.keys()].filter((path) => ROOTS.test(path)));
  return sources(tree, "src").filter((path) => !reached.has(path)).map((path) =>
    `${path} is imported by nobody`
  );
}
