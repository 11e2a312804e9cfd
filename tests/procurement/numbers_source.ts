import type { Rejection, Source, SourceChunk, SourceContext, SourceReader } from "../../src/sources/mod.ts";
import { items } from "./lines.ts";

/** How a {@link NumbersSource} cuts its items into chunks; used round and round. */
export interface Cut {
  readonly size: number;
  /** Whether reading can go on behind this chunk. */
  readonly marked: boolean;
}

/** Brings so many numbered items, chunk by chunk; an offset is the number of the next item. */
export class NumbersSource implements Source {
  readonly name = "numbers";
  readonly bounded = true;
  replayable = true;
  /** What `read` throws when it gets to this item. */
  trouble: { at: number; error: unknown } | undefined;
  /** Waits here, before this item, until closed. */
  waitsAt = Infinity;
  /** Items that don't fit the schema. */
  odd: (value: number) => boolean = () => false;
  resumed: boolean | undefined;
  rejections: readonly Rejection[] = [];
  commitError: unknown;
  readonly opened: SourceContext[] = [];
  readonly commits: unknown[] = [];
  closed = 0;

  constructor(readonly total: number, readonly cuts: readonly Cut[] = [{ size: 10, marked: true }]) {}

  open(context: SourceContext): SourceReader {
    this.opened.push(context);
    const start = this.resumed === false ? 0 : Number(context.offset ?? 0);
    return new NumbersReader(this, start);
  }
}

class NumbersReader implements SourceReader {
  readonly resumed?: boolean;
  readonly #source: NumbersSource;
  readonly #ended = Promise.withResolvers<undefined>();
  #next: number;
  #chunks = 0;

  constructor(source: NumbersSource, start: number) {
    this.#source = source;
    this.#next = start;
    if (source.resumed !== undefined) this.resumed = source.resumed;
  }

  read(): Promise<SourceChunk | undefined> {
    const { total, cuts, trouble, waitsAt, odd, rejections } = this.#source;
    if (this.#source.closed > 0) return Promise.resolve(undefined);
    if (trouble && this.#next >= trouble.at) return Promise.reject(trouble.error);
    if (this.#next >= waitsAt) return this.#ended.promise;
    if (this.#next >= total) return Promise.resolve(undefined);
    const { size, marked } = cuts[this.#chunks++ % cuts.length];
    const end = Math.min(total, waitsAt, trouble?.at ?? Infinity, this.#next + size);
    const chunk = items(end - this.#next, { from: this.#next })
      .map((item) => odd(item.value) ? { ...item, key: "" } : item);
    this.#next = end;
    return Promise.resolve({ items: chunk, ...(marked && { offset: end }), rejections });
  }

  commit(offset: unknown): Promise<void> {
    this.#source.commits.push(offset);
    const { commitError } = this.#source;
    return commitError === undefined ? Promise.resolve() : Promise.reject(commitError);
  }

  close(): void {
    this.#source.closed++;
    this.#ended.resolve(undefined);
  }
}
