/**
 * One `ndjson` for both ends of a blueprint.
 *
 * The source and the sink of newline-delimited JSON have the same name, and a module can export a name only once.
 * Their folders know nothing of each other, so they meet here: a description is only opened in the department that
 * runs it, and the context that it is opened with says which one that is.
 *
 * @module
 */

import { ndjson as ndjsonSink, type Sink, type SinkContext, type SinkPatience } from "../sinks/mod.ts";
import { ndjson as ndjsonSource, type Source, type SourceContext } from "../sources/mod.ts";

/** Options of {@link ndjson}. */
export interface NdjsonOptions extends SinkPatience {
  /** A file, or `-` for standard input or output. Default: as a source `--input`, else `-`; as a sink `-`. */
  readonly path?: string;
  /** As a source: goes on when the file grows, and never ends. Default false. */
  readonly follow?: boolean;
}

/**
 * Newline-delimited JSON, as a source or as a sink.
 *
 * @example
 * ```ts
 * import { ndjson } from "@shopfloor/shopfloor";
 *
 * const ends = { source: ndjson({ path: "readings.ndjson" }), sinks: ndjson({ path: "averages.ndjson" }) };
 * ```
 */
export function ndjson(options: NdjsonOptions = {}): Source & Sink {
  const { path, timeoutMs, patienceMs } = options;
  const source = ndjsonSource(options);
  const sink = ndjsonSink({ path: path ?? "-", timeoutMs, patienceMs });
  const open = (context: SourceContext | SinkContext) =>
    "products" in context ? sink.open(context) : source.open(context);
  return {
    ...sink,
    ...source,
    name: path === undefined ? "ndjson" : `ndjson ${path}`,
    standardOutput: path === undefined || path === "-",
    open: open as Source["open"] & Sink["open"],
  };
}
