/**
 * Reads a generator: gathers what it yields into chunks.
 *
 * @module
 */

import { type Clock, messageOf, SourceError } from "../core/mod.ts";
import { GATHER_MS, GENERATOR_CLOSE_MS } from "../core/limits.ts";
import type { GeneratorContext, Yielded } from "./generator_context.ts";
import type { SourceChunk, SourceContext, SourceReader } from "./source.ts";
import { Yields } from "./yields.ts";

/** How long chunks that are full already may follow each other without a turn of the event loop: turns cost 20 µs. */
const STRETCH_MS = 1;

/** A generator function, item type forgotten. */
export type Produce = (
  context: GeneratorContext,
) => AsyncIterable<Yielded<unknown>> | Iterable<Yielded<unknown>>;

/** What a reader is made with. */
export interface GeneratorReaderOptions {
  readonly context: SourceContext;
  readonly name: string;
  readonly offset: (() => unknown) | undefined;
}

/**
 * Runs the generator in a loop of its own that stops when a chunk is full, so that items are gathered while nobody
 * reads, and no item needs a timer or a promise besides the generator's.
 */
export class GeneratorReader implements SourceReader {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #stopping = new AbortController();
  readonly #iterator: AsyncIterator<unknown> | Iterator<unknown>;
  readonly #sync: boolean;
  readonly #yields: Yields;
  readonly #abort = () => void this.close();
  #running = false;
  /** When the event loop had its last turn. */
  #turnedAt = 0;
  #ended = false;
  #failure: SourceError | undefined;
  #closed: Promise<void> | undefined;
  /** Wakes the read that waits for something. */
  #arrived: (() => void) | undefined;
  /** Wakes the generator that waits for room. */
  #taken: (() => void) | undefined;

  /** @throws {SourceError} when the function throws, or returns nothing to iterate */
  constructor(produce: Produce, { context, name, offset }: GeneratorReaderOptions) {
    const { settings, signal, clock } = context;
    this.#name = name;
    this.#clock = clock;
    this.#signal = signal;
    this.#yields = new Yields(name, offset);
    const iterable = this.#begin(produce, {
      settings,
      offset: context.offset,
      signal: this.#stopping.signal,
    });
    this.#sync = !(Symbol.asyncIterator in iterable);
    this.#iterator = Symbol.asyncIterator in iterable
      ? iterable[Symbol.asyncIterator]()
      : iterable[Symbol.iterator]();
    if (signal.aborted) this.#abort();
    else signal.addEventListener("abort", this.#abort, { once: true });
  }

  async read(): Promise<SourceChunk | undefined> {
    if (!this.#running) {
      this.#running = true;
      void this.#run();
    }
    if (this.#yields.empty && !this.#ended) {
      await new Promise<void>((resolve) => this.#arrived = resolve);
    }
    // One turn of the event loop: the generator adds what it has at hand, and the rest of the thread isn't starved.
    if (!this.#yields.full || this.#clock.monotonic() - this.#turnedAt >= STRETCH_MS) await this.#turn();
    if (this.#closed) return undefined;
    const chunk = this.#yields.take();
    if (chunk) {
      this.#taken?.();
      return chunk;
    }
    if (this.#failure) throw this.#failure;
    return undefined;
  }

  /** Ends a read that waits at once; then waits for the generator's `finally` blocks, for a second at most. */
  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  #begin(produce: Produce, context: GeneratorContext): ReturnType<Produce> {
    let iterable: unknown;
    try {
      iterable = produce(context);
    } catch (cause) {
      throw this.#failed(cause);
    }
    const iterates = typeof iterable === "object" && iterable !== null &&
      (Symbol.asyncIterator in iterable || Symbol.iterator in iterable);
    if (iterates) return iterable as ReturnType<Produce>;
    throw new SourceError(
      `source ${this.#name}: the function must return something to iterate, such as an ` +
        `async function* does; found ${described(iterable)}`,
    );
  }

  /** Runs the generator to its end, pausing while a full chunk waits. */
  async #run(): Promise<void> {
    try {
      let since = this.#clock.monotonic();
      while (!this.#closed) {
        const step = this.#iterator.next();
        const { done, value } = this.#sync ? step as IteratorResult<unknown> : await step;
        if (done || this.#closed) break;
        this.#yields.add(value);
        if (!this.#yields.empty) this.#wake();
        if (this.#yields.full) await this.#room();
        else if (this.#clock.monotonic() - since < GATHER_MS) continue;
        else await this.#turn();
        since = this.#clock.monotonic();
      }
    } catch (cause) {
      this.#failure = this.#failed(cause);
    }
    this.#ended = true;
    this.#wake();
  }

  async #room(): Promise<void> {
    while (this.#yields.full && !this.#closed) await new Promise<void>((resolve) => this.#taken = resolve);
  }

  async #close(): Promise<void> {
    this.#signal.removeEventListener("abort", this.#abort);
    this.#ended = true;
    this.#stopping.abort(this.#signal.reason);
    this.#wake();
    this.#taken?.();
    // What the generator throws on its way out comes too late for anybody.
    const returned = Promise.try(() => this.#iterator.return?.()).then(() => {}, () => {});
    const patience = Promise.withResolvers<void>();
    const timer = this.#clock.after(GENERATOR_CLOSE_MS, patience.resolve);
    await Promise.race([returned, patience.promise]);
    timer.cancel();
  }

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.soon(resolve));
    this.#turnedAt = this.#clock.monotonic();
  }

  #wake(): void {
    this.#arrived?.();
    this.#arrived = undefined;
  }

  #failed(cause: unknown): SourceError {
    if (cause instanceof SourceError) return cause;
    return new SourceError(`source ${this.#name} failed: ${messageOf(cause)}`, {
      fields: { source: this.#name },
      cause,
    });
  }
}

function described(value: unknown): string {
  return value instanceof Promise ? "a promise" : value === null ? "null" : typeof value;
}
