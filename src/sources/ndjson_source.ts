/**
 * A source that reads newline-delimited JSON.
 *
 * @module
 */

import { OptionsError } from "../core/mod.ts";
import { openNdjson } from "./ndjson_reader.ts";
import type { Source } from "./source.ts";

/** What {@link ndjson} takes. */
export interface NdjsonSourceOptions {
  /** A file's path, or `-` for standard input. Default: the `input` option (`--input`), else standard input. */
  readonly path?: string;
  /**
   * Wait for more at the end of the file, as a log that is being written. Default false. A line counts once its
   * newline is there. Standard input and pipes are always read until the other end closes them.
   */
  readonly follow?: boolean;
}

/**
 * Reads one JSON value a line, UTF-8, from a file or standard input.
 *
 * - Blank lines, `\r\n`, a byte order mark and a last line without newline are fine.
 * - A line that isn't JSON or not UTF-8, or is larger than an item may be (16 MiB), is rejected with its line number;
 *   the lines around it are not.
 * - A file is replayable: its offset is `{ path, bytes, line }`, and a plain number of bytes is understood too. An
 *   offset that belongs to another path is none: the file is read from its beginning. A file that has been cut or
 *   rewritten, so that no line starts at the offset, is refused.
 * - Standard input can't go back: what is piped in after a restart is read from its beginning.
 *
 * @throws {OptionsError} when the path isn't a non-empty string
 *
 * @example
 * ```ts
 * import { ndjson } from "@shopfloor/shopfloor";
 * import assert from "node:assert/strict";
 *
 * assert.equal(ndjson({ path: "readings.ndjson" }).name, "ndjson readings.ndjson");
 * ```
 */
export function ndjson(options: NdjsonSourceOptions = {}): Source {
  const { path, follow = false } = options;
  if (path !== undefined && (typeof path !== "string" || path === "")) {
    throw new OptionsError(`ndjson: path must be a file's path or "-", found ${JSON.stringify(path)}`, {
      fields: { option: "path" },
    });
  }
  return {
    name: path === undefined ? "ndjson" : `ndjson ${path === "-" ? "standard input" : path}`,
    bounded: !follow,
    replayable: path !== "-",
    open: (context) => openNdjson(context, { path: path ?? context.input ?? "-", follow }),
  };
}
