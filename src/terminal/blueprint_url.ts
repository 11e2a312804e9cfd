import { statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "./usage_error.ts";

/** A scheme has two letters or more, so that a drive (`C:\…`) is none. */
const URL_FORM = /^[a-z][a-z\d+.-]+:/i;

/**
 * Where a blueprint lies: a URL as it is, a path from the working directory.
 *
 * @throws {UsageError} when there is no such file
 */
export function blueprintUrl(blueprint: string, workingDirectory: string): URL {
  if (URL_FORM.test(blueprint)) return new URL(blueprint);
  const path = resolve(workingDirectory, blueprint);
  requireFile("blueprint", { given: blueprint, path });
  return pathToFileURL(path);
}

/** Where the input lies is left as given; only that it is there is seen to, before anything is opened. */
export function requireInput(input: string | undefined, workingDirectory: string): void {
  if (input === undefined || input === "-") return;
  requireFile("input", { given: input, path: resolve(workingDirectory, input) });
}

function requireFile(what: string, { given, path }: { given: string; path: string }): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`${what} ${given}: there is no such file`);
  if (found.isDirectory()) throw new UsageError(`${what} ${given}: is a directory, expected a file`);
}
