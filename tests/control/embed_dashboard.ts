/**
 * The dashboard's files as one module, for a package of modules can't read files that lie beside it. Run it after a
 * change of the dashboard or of uPlot's version: `deno run -A tests/control/embed_dashboard.ts`
 *
 * @module
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../src/control/dashboard/", import.meta.url));

/** The module that is published. */
export const EMBEDDED: string = join(FOLDER, "files.ts");

/** The chart library as its package has it, made a module: its own is four times as long. */
export function chartLibrary(): string {
  const uplot = dirname(createRequire(import.meta.url).resolve("uplot"));
  return `${readFileSync(join(uplot, "uPlot.iife.min.js"), "utf8").trim()}\nexport default uPlot;\n`;
}

/** The texts of all files by name. */
export function dashboardFiles(): Record<string, string> {
  const client = join(FOLDER, "client");
  const own = readdirSync(client).toSorted().map((name) => [name, readFileSync(join(client, name), "utf8")]);
  return { ...Object.fromEntries(own), "uplot.js": chartLibrary() };
}

/** What {@link EMBEDDED} has to say. */
export function embeddedModule(): string {
  const entries = Object.entries(dashboardFiles()).map(([name, text]) =>
    `  ${JSON.stringify(name)}:\n    ${JSON.stringify(text)},\n`
  );
  return [
    "// Made by tests/control/embed_dashboard.ts of the files in client/ and of uPlot's package. Change those.\n",
    "// deno-fmt-ignore-file\n\n",
    "/** The dashboard's files by name. */\n",
    `export const FILES: Readonly<Record<string, string>> = {\n${entries.join("")}};\n`,
  ].join("");
}

if (import.meta.main) writeFileSync(EMBEDDED, embeddedModule());
