/**
 * Committed epochs and the sources' offsets at their ends.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { StoreError } from "../core/mod.ts";
import { EPOCHS_KEPT } from "../core/limits.ts";

/** Names the offset of what was pushed. */
export const PUSHED = "push";

/** What is noted when an epoch is committed. */
export interface EpochRecord {
  /** Greater than that of the commit before. */
  readonly epoch: number;
  /** ms since 1970. */
  readonly at: number;
  /** Where each source would go on: plain JSON by the source's name. Sources that aren't named keep theirs. */
  readonly offsets?: Readonly<Record<string, unknown>>;
  /** Items of the epoch. */
  readonly materials?: number;
}

/** Where the last commit left everything. */
export interface Committed {
  /** 0 if there was none. */
  epoch: number;
  /** Where each source goes on, by its name. */
  offsets: Record<string, unknown>;
  /** The number of slots, the same for ever. */
  slots: number;
}

/** The tables `epochs`, of which the last hour or so is kept, and `offsets`. */
export class EpochLog {
  readonly #insert: StatementSync;
  readonly #prune: StatementSync;
  readonly #offset: StatementSync;
  readonly #offsets: StatementSync;
  readonly #forget: StatementSync;
  #epoch: number;
  #pending: number;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare( // or replace: the commit may have to be tried again
      "INSERT OR REPLACE INTO epochs (epoch, committed_at, materials) VALUES (?, ?, ?)",
    );
    this.#prune = database.prepare("DELETE FROM epochs WHERE epoch <= ?");
    this.#offset = database.prepare("INSERT OR REPLACE INTO offsets (source, offset) VALUES (?, ?)");
    this.#offsets = database.prepare("SELECT source, offset FROM offsets");
    this.#forget = database.prepare("DELETE FROM offsets WHERE source <> ?");
    const last = database.prepare("SELECT max(epoch) AS epoch FROM epochs").get();
    this.#epoch = this.#pending = Number(last?.epoch ?? 0);
  }

  /** The last committed epoch. */
  get epoch(): number {
    return this.#epoch;
  }

  offsets(): Record<string, unknown> {
    return Object.fromEntries(
      this.#offsets.all().map(({ source, offset }) => [String(source), JSON.parse(String(offset))]),
    );
  }

  /** Writes a record into the open transaction. */
  write({ epoch, at, offsets = {}, materials }: EpochRecord): void {
    if (!Number.isSafeInteger(epoch) || epoch <= this.#epoch) {
      throw new StoreError(`store: epoch ${epoch} can't be committed after epoch ${this.#epoch}`, {
        code: "STORE_EPOCH",
        fields: { epoch, committed: this.#epoch },
      });
    }
    this.#insert.run(epoch, at, materials ?? null);
    this.#prune.run(epoch - EPOCHS_KEPT);
    for (const [source, offset] of Object.entries(offsets)) {
      if (offset !== undefined) this.#offset.run(source, JSON.stringify(offset));
    }
    this.#pending = epoch;
  }

  /** Lets every source start anew. What was pushed and promised to be kept stays so: a later run goes on with it. */
  forgetOffsets(): void {
    this.#forget.run(PUSHED);
  }

  /** The transaction with the record has been committed. */
  committed(): void {
    this.#epoch = this.#pending;
  }
}
