/**
 * Everything that is said on a line or a conveyor. Forward goes with the data, backward against it.
 *
 * @module
 */

/** Stands among the offsets of a barrier for replayed dead letters. No source is named so. */
export const REPLAYED = "\0replayed";

/** A batch of rows: one ArrayBuffer, transferred. Uses one credit. */
export interface BatchMessage {
  readonly kind: "batch";
  /** On a conveyor the product type's index; 0 on a line. */
  readonly type: number;
  /** Counts the batches of this line from 1. */
  readonly sequence: number;
  readonly epoch: number;
  readonly rows: number;
  /** When the first row was bought, or shipped: ms since 1970. */
  readonly at: number;
  readonly buffer: ArrayBuffer;
}

/** Everything before it on this line belongs to `epoch` or an earlier one. Uses no credit: few are ever open. */
export interface BarrierMessage {
  readonly kind: "barrier";
  readonly epoch: number;
  /**
   * Source offsets at this point, the same on every line; and under {@link REPLAYED}, if any were, the ids of the
   * dead letters whose items have been bought again in this epoch: its commit forgets them.
   */
  readonly offsets: Readonly<Record<string, unknown>>;
  /** Finish every job that is pending before passing it on: nobody wants to wait for them any more later. */
  readonly settle: boolean;
  /** Rest behind it, until headquarters says to go on: slots are about to move. */
  readonly halt: boolean;
  /**
   * The last epoch of which nothing is left to do. On a line, and where what is left is in the commit: this one. An
   * earlier one when jobs of it are still under way, and nobody would do them again if the factory died.
   */
  readonly finished: number;
}

/** The receiver takes `batches` more, and gives back a spent buffer. */
export interface CreditMessage {
  readonly kind: "credit";
  readonly batches: number;
  readonly buffer: ArrayBuffer | undefined;
}

/**
 * A job has ended that no item on the line stands for: an asynchronous turn, a timer. The epoch under way has
 * something to commit even if nothing more comes. At most one between two barriers.
 */
export interface StirMessage {
  readonly kind: "stir";
  /** The last barrier that the workshop has passed: those that are on their way to it see to what was done so far. */
  readonly behind: number;
}

/** With the data. */
export type Forward = BatchMessage | BarrierMessage;

/** Against the data. */
export type Backward = CreditMessage | StirMessage;
