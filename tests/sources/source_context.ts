import { systemClock } from "../../src/core/mod.ts";
import type { SourceContext } from "../../src/sources/mod.ts";

/** A context as procurement would give it. */
export function sourceContext(context: Partial<SourceContext> = {}): SourceContext {
  return {
    settings: {},
    offset: undefined,
    input: undefined,
    signal: new AbortController().signal,
    clock: systemClock,
    ...context,
  };
}
