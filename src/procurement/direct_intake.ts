/**
 * Admission without durability: an item is admitted when it is on its line.
 *
 * @module
 */

import { type Clock, messageOf } from "../core/mod.ts";
import type { Rejection } from "../sources/mod.ts";
import type { Buyer } from "./buyer.ts";
import { checkPushKey, checkSame, hashOf, NameLocks } from "./named_pushes.ts";
import type { Intake, Push, PushOutcome } from "./push.ts";
import { RecentPushes } from "./recent_pushes.ts";
import { WaitingRoom } from "./waiting_room.ts";

/** What an intake is made with. */
export interface DirectIntakeOptions {
  readonly buyer: Buyer;
  readonly clock: Clock;
  readonly reject: (rejection: Rejection) => void;
}

/** Hands pushes to the buyer. What the process doesn't live to process is gone, and so are the names of pushes. */
export class DirectIntake implements Intake {
  readonly #buyer: Buyer;
  readonly #reject: (rejection: Rejection) => void;
  readonly #room: WaitingRoom;
  readonly #locks = new NameLocks();
  readonly #recent: RecentPushes;

  constructor({ buyer, clock, reject }: DirectIntakeOptions) {
    this.#buyer = buyer;
    this.#reject = reject;
    this.#room = new WaitingRoom(clock);
    this.#recent = new RecentPushes(clock);
  }

  get waiting(): number {
    return this.#room.waiting;
  }

  async push(push: Push): Promise<PushOutcome> {
    const { items, terms: { wait, waitMs, committed, idempotencyKey: key } } = push;
    const buy = (signal: AbortSignal, part: PushOutcome) => this.#buy(push, { signal, part });
    const part: PushOutcome = { accepted: 0, rejected: [], epoch: 0 };
    const outcome = await this.#room.wait(
      { items: items.length, wait, waitMs, part: () => admissionOf(part) },
      (signal) => key === undefined ? buy(signal, part) : this.#once(key, { items, signal, part, buy }),
    );
    if (committed) await this.#buyer.untilCommitted(outcome.epoch);
    return outcome;
  }

  replaying(): number[] {
    return [];
  }

  clear(): Promise<void> {
    return Promise.resolve();
  }

  committed(): void {}

  drain(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #once(
    key: string,
    { items, signal, part, buy }: {
      items: readonly unknown[];
      signal: AbortSignal;
      part: PushOutcome;
      buy: (signal: AbortSignal, part: PushOutcome) => Promise<PushOutcome>;
    },
  ): Promise<PushOutcome> {
    checkPushKey(key);
    const hash = hashOf(items);
    return await this.#locks.run(key, signal, async () => {
      const known = this.#recent.find(key);
      if (known) {
        checkSame(key, { known: known.hash, given: hash });
        if (known.error) throw known.error;
        return known.outcome;
      }
      try {
        const outcome = await buy(signal, part);
        this.#recent.put(key, { hash, outcome });
        return outcome;
      } catch (error) {
        // Of a part there is no second time either: whoever asks again is told of it again.
        if (part.accepted + part.rejected.length > 0) this.#recent.put(key, { hash, outcome: part, error });
        throw error;
      }
    });
  }

  /** Buys; `part` says at any time how far it has come. */
  async #buy(
    { items, keys, letters }: Push,
    { signal, part }: { signal: AbortSignal; part: PushOutcome },
  ): Promise<PushOutcome> {
    let dealt = 0;
    const refused = new Set<number>();
    part.epoch = await this.#buyer.buy({
      items,
      keys,
      signal,
      reject: (index, error) => {
        refused.add(index);
        part.rejected.push({ index, errors: [messageOf(error)] });
        this.#reject({ place: `pushed item ${index}`, reason: messageOf(error) });
      },
      bought: (count) => {
        const bought = letters?.slice(dealt, count).filter((_, i) => !refused.has(dealt + i));
        if (bought) this.#buyer.replayed(bought);
        dealt = count;
        part.accepted = count - part.rejected.length;
      },
    });
    return part;
  }
}

/** What somebody is told who has given up waiting. */
function admissionOf({ accepted, rejected }: PushOutcome): Pick<PushOutcome, "accepted" | "rejected"> {
  return { accepted, rejected };
}
