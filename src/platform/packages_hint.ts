import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runtimeName } from "./runtime.ts";

/** Where this file stands in a checkout. A bundle or a compiled program has it elsewhere, and its packages inside. */
const PLACE = "/src/platform/packages_hint.ts";

/** What {@link packagesHint} looks at; tests hand in their own. */
export interface PackagesProbe {
  /** URL of this module. */
  readonly module?: string;
  readonly runtime?: string;
}

/**
 * What to tell a user whose packages are missing, in one line, or undefined if they aren't.
 *
 * Bun installs packages by itself on the main thread, but never inside a Web Worker, where the import would fail
 * much later and say little. Deno installs wherever it is needed.
 */
export function packagesHint(probe: PackagesProbe = {}): string | undefined {
  const { module = import.meta.url, runtime = runtimeName() } = probe;
  if (runtime !== "bun" || !module.startsWith("file:") || !module.endsWith(PLACE)) return undefined;
  const root = fileURLToPath(module.slice(0, -PLACE.length) + "/");
  if (root.split(/[\\/]/).includes("node_modules") || hasPackages(root)) return undefined;
  return "packages are missing: run `bun install` first (Bun's Web Workers don't install packages by themselves)";
}

/** Looks upwards, as the resolution of packages does: in a workspace they lie beside a folder above. */
function hasPackages(root: string): boolean {
  for (let folder = root, above = dirname(root);; folder = above, above = dirname(above)) {
    if (existsSync(join(folder, "node_modules", "comlink"))) return true;
    if (above === folder) return false;
  }
}
