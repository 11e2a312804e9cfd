/**
 * Named pushes, remembered in memory.
 *
 * @module
 */

import type { Clock } from "../core/mod.ts";
import { IDEMPOTENCY_BYTES, IDEMPOTENCY_KEYS_IN_MEMORY, IDEMPOTENCY_MS } from "../core/limits.ts";
import type { PushOutcome } from "./push.ts";

/** What a name, or one rejection, takes in memory, about. */
const ENTRY_BYTES = 256;

/** What is known of a named push. */
export interface RecentPush {
  /** Of its items. */
  readonly hash: string;
  readonly outcome: PushOutcome;
  /** Given, the push failed with it after it had taken the outcome's items. */
  readonly error?: unknown;
}

/** The last ones, for a day at most. */
export class RecentPushes {
  readonly #clock: Clock;
  /** In the order of their coming. */
  readonly #pushes = new Map<string, RecentPush & { at: number }>();
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  find(key: string): RecentPush | undefined {
    this.#forget();
    return this.#pushes.get(key);
  }

  put(key: string, push: RecentPush): void {
    this.#pushes.set(key, { ...push, at: this.#clock.monotonic() });
    this.#bytes += bytesOf(push);
    this.#forget();
  }

  #forget(): void {
    const limit = this.#clock.monotonic() - IDEMPOTENCY_MS;
    for (const [key, push] of this.#pushes) {
      const tooMany = this.#pushes.size > IDEMPOTENCY_KEYS_IN_MEMORY || this.#bytes > IDEMPOTENCY_BYTES;
      if (push.at > limit && !tooMany) return;
      this.#pushes.delete(key);
      this.#bytes -= bytesOf(push);
    }
  }
}

function bytesOf({ outcome }: RecentPush): number {
  return ENTRY_BYTES * (1 + outcome.rejected.length);
}
