/**
 * Durable admission: an item is admitted when it is in the inbox.
 *
 * @module
 */

import type { ItemCodec } from "../batch/mod.ts";
import { abortable, BusyError, type Clock, ClosedError, Mutex, sleep, StoreError } from "../core/mod.ts";
import { INBOX_BYTES, INBOX_DRAIN_MS } from "../core/limits.ts";
import type { Rejection } from "../sources/mod.ts";
import type { Buyer } from "./buyer.ts";
import type { Checker, Goods } from "./checker.ts";
import type { Inbox } from "./inbox.ts";
import { checkPushKey, checkSame, hashOf, NameLocks } from "./named_pushes.ts";
import type { Intake, Push, PushOutcome } from "./push.ts";
import { type InboxBookmark, Storekeeper } from "./storekeeper.ts";
import { WaitingRoom } from "./waiting_room.ts";

/** What an intake is made with. */
export interface InboxIntakeOptions {
  readonly inbox: Inbox;
  readonly buyer: Buyer;
  readonly codec: ItemCodec;
  readonly checker: Checker;
  readonly clock: Clock;
  /** Where the last committed epoch ended. */
  readonly bookmark: InboxBookmark;
  readonly reject: (rejection: Rejection) => void;
  /** The inbox can't be read. */
  readonly onFailure: (error: unknown) => void;
  /** Bytes that the inbox may hold. */
  readonly mostBytes?: number;
}

/** An admitted push: what became of it, and the row of the last item. */
interface Admitted {
  readonly outcome: PushOutcome;
  readonly last: number;
}

/**
 * Puts pushes into the inbox, one after the other, each whole or not at all; a storekeeper buys them behind it.
 *
 * Invariant: what a push was told to be admitted is in the inbox, or committed.
 */
export class InboxIntake implements Intake {
  readonly #options: InboxIntakeOptions;
  readonly #mostBytes: number;
  readonly #storekeeper: Storekeeper;
  readonly #room: WaitingRoom;
  readonly #locks = new NameLocks();
  readonly #counter = new Mutex();
  #freed: PromiseWithResolvers<void> = Promise.withResolvers();
  #running: Promise<void> | undefined;

  constructor(options: InboxIntakeOptions) {
    this.#options = options;
    this.#mostBytes = options.mostBytes ?? INBOX_BYTES;
    this.#room = new WaitingRoom(options.clock);
    this.#storekeeper = new Storekeeper({ ...options, onSettled: () => this.#freed.resolve() });
  }

  /** Begins to buy what the run before left. @throws {StoreError} when it can't be read */
  open(): void {
    this.#storekeeper.open();
    this.#running = this.#storekeeper.run().catch(this.#options.onFailure);
  }

  get waiting(): number {
    return this.#room.waiting + this.#storekeeper.items;
  }

  async push(push: Push): Promise<PushOutcome> {
    const { items, terms: { wait, waitMs, committed, idempotencyKey: key } } = push;
    const { outcome, last } = await this.#room.wait(
      { items: items.length, wait, waitMs, part: () => NOTHING },
      (signal) => key === undefined ? this.#admit(push, { signal }) : this.#once(key, push, signal),
    );
    if (committed) await this.#storekeeper.untilCommitted(last);
    return outcome;
  }

  replaying(): number[] {
    return this.#options.inbox.letters();
  }

  clear(): Promise<void> {
    return this.#storekeeper.untilBought(this.#options.inbox.last);
  }

  committed(epoch: number): void {
    try {
      this.#storekeeper.committed(epoch);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error; // a full disk, say: the next commit deletes this one's rows too
    }
  }

  async drain(): Promise<void> {
    this.#room.end(new ClosedError("procurement: the factory is draining and takes nothing more"));
    const overdue = new AbortController();
    const deadline = sleep(this.#options.clock, INBOX_DRAIN_MS, overdue.signal).catch(() => {});
    await Promise.race([this.clear(), deadline]);
    overdue.abort();
    this.#storekeeper.stop();
  }

  async close(): Promise<void> {
    this.#room.end(new ClosedError("procurement: the factory is closing"));
    this.#storekeeper.close();
    await this.#running;
    await this.#counter.run(() => this.#options.inbox.close());
  }

  async #once(key: string, push: Push, signal: AbortSignal): Promise<Admitted> {
    checkPushKey(key);
    const hash = hashOf(push.items);
    return await this.#locks.run(key, signal, async () => {
      const { inbox, buyer } = this.#options;
      const known = inbox.requests.find(key);
      if (known === undefined) return await this.#admit(push, { signal, named: { key, hash } });
      checkSame(key, { known: known.hash, given: hash });
      return { outcome: { ...known.outcome, epoch: buyer.epoch }, last: known.last };
    });
  }

  /** Checks items and appends them, when it is their turn and there is room. */
  #admit(
    { items, keys, letters }: Push,
    { signal, named }: { signal: AbortSignal; named?: { key: string; hash: string } },
  ): Promise<Admitted> {
    const { buyer, checker, inbox, reject } = this.#options;
    const admitted = this.#counter.run(async () => {
      signal.throwIfAborted();
      await buyer.admission(signal);
      const goods = await checker.check(items, keys);
      await this.#untilRoom(goods, signal);
      signal.throwIfAborted(); // whoever has been told that nothing was taken must be right
      const { parcels, accepted, rejected } = goods;
      const fit = letters && withoutRejected(letters, rejected);
      const last = notWhenFull(() =>
        inbox.append({ parcels, letters: fit, named: named && { ...named, outcome: { accepted, rejected } } })
      );
      this.#storekeeper.appended(accepted);
      for (const { index, errors } of rejected) {
        reject({ place: `pushed item ${index}`, reason: errors.join() });
      }
      return { outcome: { accepted, rejected, epoch: buyer.epoch }, last };
    });
    return abortable(admitted, signal);
  }

  /** One push alone is never too large: it would never be admitted. */
  async #untilRoom({ bytes }: Goods, signal: AbortSignal): Promise<void> {
    const { inbox } = this.#options;
    while (bytes > 0 && inbox.bytes > 0 && inbox.bytes + bytes > this.#mostBytes) {
      this.#freed = Promise.withResolvers();
      await abortable(this.#freed.promise, signal);
    }
  }
}

const NOTHING = { accepted: 0, rejected: [] };

function withoutRejected(letters: readonly number[], rejected: PushOutcome["rejected"]): number[] {
  const refused = new Set(rejected.map(({ index }) => index));
  return letters.filter((_, index) => !refused.has(index));
}

/** A full disk, or another program that reads too long, passes: whoever pushes should come again. */
function notWhenFull<T>(append: () => T): T {
  try {
    return append();
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "STORE_FULL" && error.code !== "STORE_BUSY") {
      throw error;
    }
    throw new BusyError(`procurement: pushed items can't be kept: ${error.message}`, {
      fields: { retryAfterMs: 5_000, admission: NOTHING },
      cause: error,
    });
  }
}
