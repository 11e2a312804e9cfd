import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of a test's own, removed when the test leaves its block. */
export interface Scratch extends Disposable {
  readonly path: string;
  /** A path in it. */
  file(name: string): string;
}

/** Makes one. */
export function scratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), "shopfloor-"));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
