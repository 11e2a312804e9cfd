/**
 * From source to buyer: reads chunk after chunk, keeps track of the offset, acknowledges what is committed.
 *
 * @module
 */

import { type Clock, messageOf, type Settings, SourceError } from "../core/mod.ts";
import type { ProcurementFigures } from "../metrics/mod.ts";
import type { Rejection, Source, SourceChunk, SourceReader } from "../sources/mod.ts";
import type { Buyer } from "./buyer.ts";

/** What a purchasing desk is made with. */
export interface PurchasingOptions {
  readonly source: Source;
  readonly buyer: Buyer;
  readonly clock: Clock;
  readonly reject: (rejection: Rejection) => void;
}

/** What the source is opened with. */
export interface PurchasingConfig {
  readonly settings: Settings;
  readonly input: string | undefined;
  readonly offsets: Readonly<Record<string, unknown>>;
}

/** Where a replay goes on: the source's own offset, and how many items behind it were bought already. */
interface Bookmark {
  readonly offset: unknown;
  readonly skip: number;
}

/** Buys one source to its end. */
export class Purchasing {
  readonly #source: Source;
  readonly #buyer: Buyer;
  readonly #clock: Clock;
  readonly #reject: (rejection: Rejection) => void;
  readonly #stopping = new AbortController();
  readonly #offsets: { epoch: number; offset: unknown }[] = [];
  #reader: SourceReader | undefined;
  #bookmark: Bookmark = { offset: undefined, skip: 0 };
  #items = 0;
  #running: Promise<void> | undefined;
  #broken: { cause: unknown } | undefined;
  state: ProcurementFigures["state"] = "opening";

  constructor({ source, buyer, clock, reject }: PurchasingOptions) {
    this.#source = source;
    this.#buyer = buyer;
    this.#clock = clock;
    this.#reject = reject;
  }

  get name(): string {
    return this.#source.name;
  }

  /** The source's offset behind the last item that was bought. */
  get offset(): unknown {
    return this.#bookmark.offset;
  }

  /** Opens the source where the last committed epoch ended. @throws {SourceError} */
  async open({ settings, input, offsets }: PurchasingConfig): Promise<void> {
    const bookmark = offsets[this.#source.name] as Bookmark | undefined;
    if (bookmark && this.#source.replayable) this.#bookmark = bookmark;
    try {
      this.#reader = await this.#source.open({
        settings,
        input,
        offset: this.#bookmark.offset,
        signal: this.#stopping.signal,
        clock: this.#clock,
      });
    } catch (cause) {
      this.state = "failed";
      throw this.#named(cause, "can't be opened");
    }
    if (this.#reader.resumed === false) this.#bookmark = { offset: undefined, skip: 0 };
    this.state = "buying";
  }

  /** Buys until the source ends or {@link stop} is called. @throws {SourceError} when the source fails */
  run(): Promise<void> {
    this.#running = this.#run();
    return this.#running;
  }

  /** Everything up to `epoch` is committed: tells the source. */
  committed(epoch: number): void {
    let offset: unknown;
    while (this.#offsets.length > 0 && this.#offsets[0].epoch <= epoch) {
      offset = this.#offsets.shift()!.offset;
    }
    if (offset !== undefined) void Promise.try(() => this.#reader?.commit?.(offset)).catch(this.#break);
  }

  /** Stops reading; what was read and not bought is left to the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#reader?.close();
    await this.#running?.catch(() => {}); // run's caller has been told
    if (this.state !== "failed") this.state = this.state === "ended" ? "ended" : "closed";
  }

  async #run(): Promise<void> {
    const reader = this.#reader!;
    const { signal } = this.#stopping;
    let skip = this.#bookmark.skip;
    try {
      while (!signal.aborted) {
        const chunk = await reader.read();
        if (chunk === undefined || signal.aborted) break;
        skip = await this.#buy(chunk, skip);
      }
      if (this.#broken) throw this.#broken.cause;
      if (!signal.aborted) this.state = "ended";
    } catch (cause) {
      if (signal.aborted) return;
      this.state = "failed";
      throw this.#failed(cause);
    } finally {
      await reader.close();
    }
  }

  /** It can't be told what is committed: reads no more. */
  readonly #break = (cause: unknown): void => {
    this.#broken ??= { cause };
    void this.#reader?.close();
  };

  /** Buys a chunk but for its first `skip` items; returns how many are to be skipped of the next one. */
  async #buy(chunk: SourceChunk, skip: number): Promise<number> {
    for (const rejection of chunk.rejections ?? []) this.#reject(rejection);
    const { length } = chunk.items;
    if (skip > 0 && skip >= length) {
      this.#items += length;
      if (chunk.offset !== undefined) this.#bookmark = { offset: chunk.offset, skip: skip - length };
      return skip - length;
    }
    const items = skip === 0 ? chunk.items : chunk.items.slice(skip);
    const base = this.#bookmark;
    const epoch = await this.#buyer.buy({
      items,
      signal: this.#stopping.signal,
      reject: (index, error) => {
        const at = index + skip;
        const place = chunk.place?.(at) ?? `item ${this.#items + at + 1} of ${this.#source.name}`;
        this.#reject({ place, reason: messageOf(error) });
      },
      bought: (count) => {
        this.#bookmark = { offset: base.offset, skip: base.skip + count };
        this.#buyer.moved(this.#source.name, this.#bookmark);
      },
    });
    this.#mark(chunk, length);
    if (chunk.offset !== undefined && this.#reader?.commit) {
      this.#offsets.push({ epoch, offset: chunk.offset });
    }
    return 0;
  }

  /** The chunk is bought: the bookmark stands behind it. */
  #mark(chunk: SourceChunk, length: number): void {
    this.#items += length;
    if (chunk.offset !== undefined) this.#bookmark = { offset: chunk.offset, skip: 0 };
    this.#buyer.moved(this.#source.name, this.#bookmark);
  }

  /** A source's own error says what failed, but not how far it had come. */
  #failed(cause: unknown): SourceError {
    const items = this.#items;
    if (!(cause instanceof SourceError)) return this.#named(cause, `failed after ${items} items`);
    const { message, code, fields } = cause;
    return new SourceError(`${message} (after ${items} items)`, {
      code,
      fields: { source: this.#source.name, items, ...fields },
      cause,
    });
  }

  #named(cause: unknown, what: string): SourceError {
    if (cause instanceof SourceError) return cause;
    return new SourceError(`source ${this.#source.name} ${what}: ${messageOf(cause)}`, {
      fields: { source: this.#source.name, items: this.#items },
      cause,
    });
  }
}
