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
  readonly #signal: AbortSignal;
  readonly #report: IngestionReport = { accepted: 0, rejected: [], rejectedTotal: 0 };
  #items: unknown[] = [];
  /** Where in the body each of {@link #items} stood. */
  #indexes: number[] = [];
  #bytes = 0;
  #seen = 0;

  constructor({ factory, committed, signal }: IngestionOptions) {
    this.#factory = factory;
    this.#committed = committed;
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
    while (this.#items.length > 0) {
      try {
        const options = { committed, waitMs: ADMISSION_MS, signal: this.#signal };
        this.#settle(await this.#factory.push(this.#items, options));
      } catch (error) {
        // Slow lines are no full lines: as long as they take something, the client only waits.
        const part = error instanceof BusyError ? error.fields.admission as Admission | undefined : undefined;
        if (part === undefined || part.accepted + part.rejected.length === 0) throw error;
        this.#settle(part);
      }
    }
  }

  /** Takes out the items that an admission is about: always the first ones. */
  #settle({ accepted, rejected }: Admission): void {
    for (const { index, errors } of rejected) this.#reject(this.#indexes[index], errors);
    this.#report.accepted += accepted;
    this.#items.splice(0, accepted + rejected.length);
    this.#indexes.splice(0, accepted + rejected.length);
    if (this.#items.length === 0) this.#bytes = 0;
  }

  #reject(index: number, errors: string[]): void {
    this.#report.rejectedTotal++;
    if (this.#report.rejected.length < REJECTIONS_ANSWERED) this.#report.rejected.push({ index, errors });
  }
}
