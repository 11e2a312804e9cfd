/**
 * How an attempt ended.
 *
 * @module
 */

/** An answer, or what there was instead. */
export type Outcome = Answered | Failed | GivenUp;

/** The service answered as it should. */
export interface Answered {
  readonly kind: "answered";
  readonly value: unknown;
}

/** It didn't. */
export interface Failed {
  readonly kind: "failed";
  /** One of Connect's codes. */
  readonly code: string;
  readonly message: string;
  /** What else is known: endpoint, status, the service's details. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  /** False only when the call can't have reached the endpoint: it is then free to be placed anew. */
  readonly sent: boolean;
  /** False when it was the endpoint's fault, not the call's. */
  readonly healthy: boolean;
  /** The service is asked too much. */
  readonly backPressure: boolean;
  /** Another attempt may help. */
  readonly retryable: boolean;
  /** The service wants to be left alone for so long. */
  readonly retryAfterMs?: number;
}

/** Its caller wanted the answer no more: that says nothing about anybody. */
export interface GivenUp {
  readonly kind: "given up";
  readonly reason: unknown;
}
