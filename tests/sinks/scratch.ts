import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** A directory that is gone when the tests of the file are done. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "shopfloor-sinks-"));
  after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
