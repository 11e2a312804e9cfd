/**
 * The package in the forms in which consumers get it. There is no registry here, so that both are made from what
 * the publisher's own tools say: `deno publish --dry-run` lists the files, `deno pack` makes them JavaScript.
 *
 * In both, the stand-in of `compat/` takes the place of `jsr:@std/async`, which consumers get from the registry.
 *
 * @module
 */

import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The repository. */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Longest time that a program may take. */
const PATIENCE_MS = 50_000;

/** Runs a program to its end; resolves to what it wrote. @throws {Error} with all of it when it fails */
export function run(command: string, args: readonly string[], { cwd = ROOT } = {}): Promise<string> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    timeout: PATIENCE_MS,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const written = { stdout: "", all: "" };
  child.stdout.on("data", (text) => {
    written.stdout += text;
    written.all += text;
  });
  child.stderr.on("data", (text) => written.all += text);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(written.stdout || written.all);
      else reject(new Error(`${command} ${args.join(" ")} in ${cwd} ended with ${code}:\n${written.all}`));
    });
  });
}

/** The Deno that publishes, whichever runtime runs the tests. */
export function deno(): string {
  if (process.versions.deno !== undefined) return process.execPath;
  const folders = [join(ROOT, "node_modules", ".bin"), ...(process.env.PATH ?? "").split(delimiter)];
  const found = folders.map((folder) => join(folder, "deno")).find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error("deno makes the package that this tests: install it, or run npm install");
  }
  return found;
}

/** The files that a publication would take, as paths from the root. */
export async function publishedFiles(): Promise<string[]> {
  const told = await run(deno(), ["publish", "--dry-run", "--allow-dirty", "--no-check"]);
  const root = pathToFileURL(realpathSync(ROOT)).href.replace(/\/?$/, "/");
  return [...told.matchAll(/^\s+(file:\/\/\S+) \(/gm)].map(([, url]) => decodeURI(url.slice(root.length)));
}

/** Bare names as publishing rewrites them: versions are pinned where the code is served from. */
function published(source: string): string {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const ranges: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries(dependencies).map(([name, version]) => [name, `npm:${name}@${version}`]),
    ),
    "@std/async": "jsr:@std/async@^1",
  };
  return source.replaceAll(
    /^((?:import|export)\b[^"'`;]*?\bfrom |import )"((?:@[^/"]+\/)?[^/."][^/"]*)(\/[^"]*)?"/gm,
    (statement, before, name, path = "") => name in ranges ? `${before}"${ranges[name]}${path}"` : statement,
  );
}

/** Serves the package as JSR does: the files of a publication, as they are but for bare names. */
export async function serveToDeno(): Promise<{ url: string } & Disposable> {
  const files = new Map((await publishedFiles()).map((path) => [`/${path}`, path]));
  const server = createServer((request, response) => {
    const path = files.get(request.url ?? "");
    if (path === undefined) return void response.writeHead(404).end();
    const text = readFileSync(join(ROOT, path), "utf8");
    response.writeHead(200, { "content-type": path.endsWith(".ts") ? "text/typescript" : "text/plain" });
    response.end(path.endsWith(".ts") ? published(text) : text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Installs the package into a consumer's `node_modules` as `npx jsr add @shopfloor/shopfloor` does. */
export async function installFromNpm(consumer: string): Promise<void> {
  const modules = join(consumer, "node_modules");
  mkdirSync(join(modules, "@shopfloor"), { recursive: true });
  const tarball = join(consumer, "package.tgz");
  await run(deno(), ["pack", "--allow-dirty", "--no-source-maps", "--output", tarball]);
  await run("tar", ["-xzf", tarball, "-C", consumer]);
  const home = join(modules, "@shopfloor", "shopfloor");
  cpSync(join(consumer, "package"), home, { recursive: true });
  toJsrNames(home);
  standIn(join(modules, "@jsr", "std__async"), join(home, "compat", "std-async", "mod.js"));
  const installed = join(ROOT, "node_modules");
  if (!existsSync(installed)) throw new Error("packages are missing: run bun install");
  for (const name of readdirSync(installed).filter((name) => !name.startsWith(".") && !RUNTIMES.has(name))) {
    cpSync(join(installed, name), join(modules, name), { recursive: true, dereference: true });
  }
}

/** Installed for the tests' sake; no consumer needs them, and they are large. */
const RUNTIMES: ReadonlySet<string> = new Set(["bun", "deno", "@oven", "@deno"]);

/** What JSR's npm layer calls itself, and what it calls its packages. */
function toJsrNames(home: string): void {
  const manifest = join(home, "package.json");
  const content = JSON.parse(readFileSync(manifest, "utf8"));
  content.name = "@jsr/shopfloor__shopfloor";
  content.dependencies["@jsr/std__async"] = "^1";
  writeFileSync(manifest, JSON.stringify(content));
  for (
    const path of readdirSync(home, { recursive: true, encoding: "utf8" }).filter((path) =>
      path.endsWith(".js")
    )
  ) {
    const file = join(home, path);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll('from "@std/async"', 'from "@jsr/std__async"'));
  }
}

function standIn(home: string, module: string): void {
  mkdirSync(home, { recursive: true });
  cpSync(module, join(home, "mod.js"));
  const manifest = { name: "@jsr/std__async", version: "1.0.15", type: "module", exports: "./mod.js" };
  writeFileSync(join(home, "package.json"), JSON.stringify(manifest));
}
