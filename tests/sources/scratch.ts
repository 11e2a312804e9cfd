import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import type { SourceChunk, SourceReader } from "../../src/sources/mod.ts";

/** Every chunk to the end. */
export async function readAll(reader: SourceReader): Promise<SourceChunk[]> {
  const chunks: SourceChunk[] = [];
  for (let chunk; (chunk = await reader.read());) chunks.push(chunk);
  return chunks;
}

/** A directory that is gone when the tests of the file are done. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "shopfloor-sources-"));
  after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
