/**
 * The contract of admission: what a push is, and what becomes of it.
 *
 * @module
 */

/** What became of pushed items, and the epoch that they belong to. */
export interface PushOutcome {
  accepted: number;
  rejected: { index: number; errors: string[] }[];
  /** Where items are kept until their turn comes, the earliest that they can belong to. */
  epoch: number;
}

/** How items are pushed: plain data. */
export interface PushTerms {
  /** Resolve only when the items are committed. Default false. */
  readonly committed?: boolean;
  /** False: be busy at once if other pushes wait. Default true. */
  readonly wait?: boolean;
  /** Longest wait. Default: for ever. */
  readonly waitMs?: number;
  /** A push with the same one was this very push, and takes nothing. */
  readonly idempotencyKey?: string;
}

/** Items to be admitted. */
export interface Push {
  readonly items: readonly unknown[];
  readonly terms: PushTerms;
  /** Given, the items have been through the schema before, and these are their keys. */
  readonly keys?: readonly string[];
  /** The dead letters that the items come from. */
  readonly letters?: readonly number[];
}

/** Admits pushes. */
export interface Intake {
  /** Items that have been handed over and are on no line. */
  readonly waiting: number;
  /**
   * Resolves when the items are admitted, and if so asked committed.
   *
   * @throws {BusyError} `fields.admission` says what became of the first items; of the others nothing was taken
   * @throws {ClosedError} when nothing more is admitted
   * @throws {ShopfloorError} `IDEMPOTENCY_CONFLICT` when another push had the same key
   */
  push(push: Push): Promise<PushOutcome>;
  /** Dead letters whose items have been admitted and aren't committed, however long ago that was. */
  replaying(): number[];
  /** Gets what has been admitted onto the lines; what was admitted meanwhile may be left. */
  clear(): Promise<void>;
  /** An epoch is committed. */
  committed(epoch: number): void;
  /** Admits nothing more, and gets what has been admitted onto the lines, as far as there is time. */
  drain(): Promise<void>;
  /** Lets go of everything. */
  close(): Promise<void>;
}
