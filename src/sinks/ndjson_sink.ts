/**
 * A sink that writes newline-delimited JSON.
 *
 * @module
 */

import { OptionsError } from "../core/mod.ts";
import { openNdjson } from "./ndjson_writer.ts";
import { patienceOf } from "./patience.ts";
import type { Sink, SinkPatience } from "./sink.ts";

/** What {@link ndjson} takes. */
export interface NdjsonSinkOptions extends SinkPatience {
  /** A file's path, or `-` for standard output. */
  readonly path: string;
}

/**
 * Appends products to a file, or to standard output, one JSON object a line. Products of several types mix; give
 * each type a sink of its own to keep them apart.
 *
 * At least once: after a failure or a crash the products of the last moments may come again. A line is written whole
 * or, when the process was killed in the middle of one, is followed by a newline at the next start. Before an epoch
 * counts as committed, the file's data is on the disk.
 *
 * A date is written as its ISO 8601 text. NaN and infinities, which JSON does not have, are written as null.
 *
 * Standard output gives back-pressure: a reader that is slow slows the factory, one that goes away fails it.
 *
 * @throws {OptionsError} when the path isn't a non-empty string
 *
 * @example
 * ```ts
 * import { ndjson } from "@shopfloor/shopfloor";
 * import assert from "node:assert/strict";
 *
 * assert.equal(ndjson({ path: "alarms.ndjson" }).name, "ndjson alarms.ndjson");
 * ```
 */
export function ndjson(options: NdjsonSinkOptions): Sink {
  const path: unknown = options?.path;
  if (typeof path !== "string" || path === "") {
    throw new OptionsError(`ndjson: path must be a file's path or "-", found ${JSON.stringify(path)}`, {
      fields: { option: "path" },
    });
  }
  return {
    name: path === "-" ? "ndjson standard output" : `ndjson ${path}`,
    guarantee: "at-least-once",
    ...patienceOf(options, "ndjson"),
    standardOutput: path === "-",
    open: (context) => openNdjson(path, context),
  };
}
