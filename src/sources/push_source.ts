/**
 * A source for factories that live on what is pushed.
 *
 * @module
 */

import type { Source, SourceChunk, SourceContext, SourceReader } from "./source.ts";

/**
 * Brings nothing by itself and never ends: all material comes from `factory.push` and `POST /v1/materials`, which
 * also work beside any other source.
 *
 * @example
 * ```ts
 * import { push } from "@shopfloor/shopfloor";
 * import assert from "node:assert/strict";
 *
 * assert.equal(push().bounded, false);
 * ```
 */
export function push(): Source {
  return { name: "push", bounded: false, replayable: false, open: (context) => new PushReader(context) };
}

/** Waits. */
class PushReader implements SourceReader {
  readonly #ended: PromiseWithResolvers<undefined> = Promise.withResolvers();
  readonly #signal: AbortSignal;
  readonly #end = () => this.close();

  constructor({ signal }: SourceContext) {
    this.#signal = signal;
    if (signal.aborted) this.close();
    else signal.addEventListener("abort", this.#end, { once: true });
  }

  read(): Promise<SourceChunk | undefined> {
    return this.#ended.promise;
  }

  close(): void {
    this.#signal.removeEventListener("abort", this.#end);
    this.#ended.resolve(undefined);
  }
}
