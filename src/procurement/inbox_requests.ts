/**
 * Named pushes, remembered in the inbox.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Clock } from "../core/mod.ts";
import { IDEMPOTENCY_BYTES, IDEMPOTENCY_KEYS, IDEMPOTENCY_MS } from "../core/limits.ts";
import type { PushOutcome } from "./push.ts";

/** What is known of a named push. */
export interface Request {
  /** Of its items. */
  readonly hash: string;
  readonly outcome: Pick<PushOutcome, "accepted" | "rejected">;
  /** The inbox's row with the last of its items; 0 if none was accepted. */
  readonly last: number;
}

/** The table `requests`: the last ones, for about a day. */
export class Requests {
  readonly #clock: Clock;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #oldest: StatementSync;
  readonly #delete: StatementSync;
  readonly #sum: StatementSync;
  #count = 0;
  #bytes = 0;

  constructor({ database, clock }: { database: DatabaseSync; clock: Clock }) {
    this.#clock = clock;
    this.#insert = database.prepare(
      "INSERT OR REPLACE INTO requests (key, hash, outcome, at, last) VALUES (?, ?, ?, ?, ?)",
    );
    this.#find = database.prepare("SELECT hash, outcome, at, last FROM requests WHERE key = ?");
    this.#oldest = database.prepare(
      "SELECT id, at, length(outcome) AS bytes FROM requests ORDER BY id LIMIT 1",
    );
    this.#delete = database.prepare("DELETE FROM requests WHERE id = ?");
    this.#sum = database.prepare(
      "SELECT count(*) AS requests, coalesce(sum(length(outcome)), 0) AS bytes FROM requests",
    );
    this.recount();
  }

  /** The push of this name, if it was not too long ago. */
  find(key: string): Request | undefined {
    const row = this.#find.get(key);
    if (row === undefined || this.#clock.now() - Number(row.at) > IDEMPOTENCY_MS) return undefined;
    return {
      hash: String(row.hash),
      outcome: JSON.parse(String(row.outcome)),
      last: Number(row.last),
    };
  }

  /** Remembers a push in the open transaction, and forgets the oldest when they are too old or too many. */
  put(
    { key, hash, outcome, last }: { key: string; hash: string; outcome: unknown; last: number },
  ): void {
    const text = JSON.stringify(outcome);
    this.#count++;
    this.#bytes += text.length;
    this.#prune();
    this.#insert.run(key, hash, text, this.#clock.now(), last);
  }

  /** A transaction was rolled back: counts anew. */
  recount(): void {
    const sum = this.#sum.get();
    this.#count = Number(sum?.requests);
    this.#bytes = Number(sum?.bytes);
  }

  #prune(): void {
    const tooMany = () => this.#count > IDEMPOTENCY_KEYS || this.#bytes > IDEMPOTENCY_BYTES;
    for (let oldest; (oldest = this.#oldest.get());) {
      const tooOld = this.#clock.now() - Number(oldest.at) > IDEMPOTENCY_MS;
      if (!tooOld && !tooMany()) return;
      this.#delete.run(oldest.id as number);
      this.#count--;
      this.#bytes -= Number(oldest.bytes);
    }
  }
}
