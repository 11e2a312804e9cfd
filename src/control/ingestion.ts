import type { Admission, Factory } from "../headquarters/mod.ts";
import { BusyError } from "../core/mod.ts";
import { ADMISSION_MS, INGESTION_BYTES, INGESTION_ITEMS, REJECTIONS_ANSWERED } from "../core/limits.ts";
import { problemOf } from "./failures.ts";
import type { Problem } from "./problem.ts";

/** What {@link Ingestion} works with. */
export interface IngestionOptions {
  readonly factory: Factory;
  /** Whether {@link Ingestion.finish} waits for the commit. */
  readonly committed: boolean;
  /** Names the request: the same body sent again with it is taken once. */
  readonly idempotencyKey?: string;
  readonly signal: AbortSignal;
}

/** What became of a body. */
export interface IngestionReport {
  accepted: number;
  /** The first of them, described. */
  rejected: { index: number; errors: string[] }[];
  /** All of them. */
  rejectedTotal: number;
}

/**
 * Hands the items of one request to procurement, portion by portion: a portion is made only when the one before
 * has been admitted, which is how full lines hold back the client.
 */
export class Ingestion {
  readonly #factory: Factory;
  readonly #committed: boolean;
  readonly #idempotencyKey: string | undefined;
  readonly #signal: AbortSignal;
  readonly #report: IngestionReport = { accepted: 0, rejected: [], rejectedTotal: 0 };
  #items: unknown[] = [];
  /** Where in the body each of {@link #items} stood. */
  #indexes: number[] = [];
  #bytes = 0;
  #seen = 0;
  /** Portions that are through, and items of the one under way that are. */
  #portions = 0;
  #settled = 0;

  constructor({ factory, committed, idempotencyKey, signal }: IngestionOptions) {
    this.#factory = factory;
    this.#committed = committed;
    this.#idempotencyKey = idempotencyKey;
    this.#signal = signal;
  }

  /** Whether it is time to {@link handOver}. */
  get full(): boolean {
    return this.#items.length >= INGESTION_ITEMS || this.#bytes >= INGESTION_BYTES;
  }

  /** Takes the next item of the body. */
  add(item: unknown, bytes: number = 0): void {
    this.#items.push(item);
    this.#indexes.push(this.#seen++);
    this.#bytes += bytes;
  }

  /** Passes over the next item of the body, which could not be read. */
  refuse(reason: string): void {
    this.#reject(this.#seen++, [reason]);
  }

  /** Hands over what has been taken; resolves when it is admitted. */
  async handOver(): Promise<void> {
    await this.#push({ committed: false });
  }

  /** Hands over the rest and, if so asked, waits until everything is committed. */
  async finish(): Promise<IngestionReport> {
    const before = this.#report.accepted;
    await this.#push({ committed: this.#committed });
    // Portions are admitted in order, so the last one's commit covers all; without a last one, an epoch ends now.
    if (this.#committed && before > 0 && this.#report.accepted === before) await this.#factory.checkpoint();
    return this.#report;
  }

  /**
   * What to answer when it broke off: how far it came, so that the client can go on from `next`, the index of the
   * first item that was neither accepted nor rejected.
   */
  broken(error: unknown): Problem {
    const next = this.#indexes[0] ?? this.#seen;
    const { accepted, rejected } = this.#report;
    return problemOf(error).with({ accepted, rejected: rejected.filter(({ index }) => index < next), next });
  }

  async #push({ committed }: { committed: boolean }): Promise<void> {
    // A named body always ends with a portion that isn't full, if need be an empty one: a longer body under the
    // same name then differs from it in that portion, rather than going on where it ended.
    let empty = this.#idempotencyKey !== undefined;
    while (this.#items.length > 0 || empty) {
      empty = false;
      try {
        const idempotencyKey = this.#portionKey();
        const options = { committed, waitMs: ADMISSION_MS, idempotencyKey, signal: this.#signal };
        const admission = await this.#factory.push(this.#items, options);
        if (this.#items.length > 0 && tookNothing(admission)) throw new BusyError("push: nothing was taken");
        this.#settle(admission);
      } catch (error) {
        // Slow lines are no full lines: as long as they take something, the client only waits.
        const part = error instanceof BusyError ? error.fields.admission as Admission | undefined : undefined;
        if (part === undefined || tookNothing(part)) throw error;
        this.#settle(part);
      }
    }
    this.#portions++;
    this.#settled = 0;
  }

  /** The same body is cut into the same portions, however it arrives: so each portion has a name of its own. */
  #portionKey(): string | undefined {
    return this.#idempotencyKey && `${this.#idempotencyKey}/${this.#portions}.${this.#settled}`;
  }

  /** Takes out the items that an admission is about: always the first ones. */
  #settle({ accepted, rejected }: Admission): void {
    for (const { index, errors } of rejected) this.#reject(this.#indexes[index], errors);
    this.#report.accepted += accepted;
    this.#settled += accepted + rejected.length;
    this.#items.splice(0, accepted + rejected.length);
    this.#indexes.splice(0, accepted + rejected.length);
    if (this.#items.length === 0) this.#bytes = 0;
  }

  #reject(index: number, errors: string[]): void {
    this.#report.rejectedTotal++;
    if (this.#report.rejected.length < REJECTIONS_ANSWERED) this.#report.rejected.push({ index, errors });
  }
}

function tookNothing({ accepted, rejected }: Admission): boolean {
  return accepted + rejected.length === 0;
}
