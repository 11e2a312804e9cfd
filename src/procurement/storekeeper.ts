/**
 * The storekeeper: buys what is in the inbox, in its order, and forgets it when it is committed.
 *
 * @module
 */

import type { BatchReader, ItemCodec } from "../batch/mod.ts";
import { abortable, ClosedError, messageOf, StoreError } from "../core/mod.ts";
import { PUSHED } from "../store/mod.ts";
import type { Rejection } from "../sources/mod.ts";
import type { Buyer } from "./buyer.ts";
import type { Inbox, InboxRow } from "./inbox.ts";

/** Where buying goes on: behind a row, and so many items of the next. */
export interface InboxBookmark {
  readonly offset: number;
  readonly skip: number;
}

/** What a storekeeper is made with. */
export interface StorekeeperOptions {
  readonly inbox: Inbox;
  readonly buyer: Buyer;
  readonly codec: ItemCodec;
  readonly bookmark: InboxBookmark;
  readonly reject: (rejection: Rejection) => void;
  /** Told when the inbox has become committed up to a row. */
  readonly onSettled: () => void;
}

/** Somebody who waits until a row is bought, or committed. */
interface Wait {
  readonly row: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Buys row after row. Every barrier carries how far it has come, so that what a process did not live to commit is
 * bought again by the next, and nothing else.
 */
export class Storekeeper {
  readonly #options: StorekeeperOptions;
  readonly #reader: BatchReader;
  readonly #stopping = new AbortController();
  /** Rows, and the epochs of their last items. */
  readonly #epochs: { epoch: number; row: number }[] = [];
  #bookmark: InboxBookmark;
  #woken: PromiseWithResolvers<void> = Promise.withResolvers();
  #bought: Wait[] = [];
  #commits: Wait[] = [];
  #settled: number;
  #closed = false;
  /** Items that aren't bought. */
  items: number;

  constructor(options: StorekeeperOptions) {
    this.#options = options;
    this.#reader = options.codec.reader();
    this.#bookmark = options.bookmark;
    this.#settled = options.bookmark.offset;
    this.items = Math.max(0, options.inbox.itemsBehind(this.#settled) - options.bookmark.skip);
  }

  /** Makes sure that what is in the inbox can be read. @throws {StoreError} */
  open(): void {
    const row = this.#options.inbox.next(this.#bookmark.offset);
    if (row) this.#read(row);
  }

  /** Buys until stopped. @throws {StoreError} when the inbox can't be read */
  async run(): Promise<void> {
    const { inbox } = this.#options;
    const { signal } = this.#stopping;
    try {
      while (!signal.aborted) {
        const row = inbox.next(this.#bookmark.offset);
        if (row) await this.#buy(row);
        else {
          await abortable(this.#woken.promise, signal);
          this.#woken = Promise.withResolvers();
        }
      }
    } catch (error) {
      if (!signal.aborted && !(error instanceof ClosedError)) throw error;
    }
  }

  /** So many items have been appended. */
  appended(items: number): void {
    this.items += items;
    this.#woken.resolve();
  }

  /** Resolves when a row, and all before it, is bought. */
  untilBought(row: number): Promise<void> {
    if (row <= this.#bookmark.offset) return Promise.resolve();
    if (this.#stopping.signal.aborted) return Promise.reject(this.#stopping.signal.reason);
    return new Promise((resolve, reject) => this.#bought.push({ row, resolve, reject }));
  }

  /** Resolves when a row, and all before it, is committed. */
  untilCommitted(row: number): Promise<void> {
    if (row <= this.#settled) return Promise.resolve();
    if (this.#closed) return Promise.reject(this.#stopping.signal.reason);
    return new Promise((resolve, reject) => this.#commits.push({ row, resolve, reject }));
  }

  /** An epoch is committed. @throws {StoreError} when the inbox can't be written; the next commit makes up for it */
  committed(epoch: number): void {
    while (this.#epochs.length > 0 && this.#epochs[0].epoch <= epoch) {
      this.#settled = this.#epochs.shift()!.row;
    }
    this.#commits = resolved(this.#commits, this.#settled);
    this.#options.inbox.settle(this.#settled);
    this.#options.onSettled();
  }

  /** Buys no more; what it has bought may still become committed. */
  stop(): void {
    this.#stopping.abort(new ClosedError("procurement: the factory takes nothing more"));
    for (const wait of this.#bought) wait.reject(this.#stopping.signal.reason);
    this.#bought = [];
  }

  /** Stops, and lets whoever waits for a commit go. */
  close(): void {
    this.stop();
    for (const wait of this.#commits) wait.reject(this.#stopping.signal.reason);
    this.#commits = [];
    this.#closed = true;
  }

  async #buy(row: InboxRow): Promise<void> {
    const { buyer, reject } = this.#options;
    const { items, keys } = this.#read(row);
    const { offset, skip } = this.#bookmark;
    let dealt = skip;
    const epoch = await buyer.buy({
      items: items.slice(skip),
      keys: keys.slice(skip),
      admitted: true,
      signal: this.#stopping.signal,
      reject: (index, error) => {
        reject({ place: `item ${index + skip} of row ${row.id} in the inbox`, reason: messageOf(error) });
      },
      bought: (count) => {
        this.items -= skip + count - dealt;
        if (row.letters) buyer.replayed(row.letters.slice(dealt, skip + count));
        dealt = skip + count;
        this.#bookmark = dealt === row.rows ? { offset: row.id, skip: 0 } : { offset, skip: dealt };
        buyer.moved(PUSHED, this.#bookmark);
      },
    });
    this.#epochs.push({ epoch, row: row.id });
    this.#bought = resolved(this.#bought, row.id);
  }

  #read({ id, rows, batch }: InboxRow): { items: unknown[]; keys: string[] } {
    const reader = this.#reader;
    try {
      reader.load(batch);
    } catch (cause) {
      throw new StoreError(
        `store: the inbox has pushed items of another material schema (row ${id}): ${
          messageOf(cause)
        }; start once ` +
          "with the blueprint of before, which processes them, or move inbox.db away, which forgets them",
        { code: "STORE_MISMATCH", fields: { row: id }, cause },
      );
    }
    const items = Array.from({ length: rows }, (_, row) => reader.item(row));
    const keys = Array.from({ length: rows }, (_, row) => reader.key(row));
    reader.unload();
    return { items, keys };
  }
}

/** Resolves the waits that are over; returns the others. */
function resolved(waits: readonly Wait[], row: number): Wait[] {
  for (const wait of waits) if (wait.row <= row) wait.resolve();
  return waits.filter((wait) => wait.row > row);
}
