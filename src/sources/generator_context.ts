import type { Settings } from "../core/mod.ts";

/** What a generator function is handed. */
export interface GeneratorContext {
  /** The settings handed to the factory. */
  readonly settings: Settings;
  /** What the `offset` option had returned behind the last committed item; `undefined` at the first start. */
  readonly offset: unknown;
  /** Aborts when the source closes: hand it to whatever the generator waits for. */
  readonly signal: AbortSignal;
}

/** One item, or several in an array: large arrays are cheaper than many single items. */
export type Yielded<Item> = Item | readonly Item[];
