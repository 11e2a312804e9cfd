/**
 * When a department that has died may be replaced.
 *
 * @module
 */

/** How often, and how soon. */
export interface RestartLimits {
  /** Wait before the first restart. */
  readonly minMs: number;
  /** Longest wait. */
  readonly maxMs: number;
  /** Each wait is so many times the one before. */
  readonly factor: number;
  /** Share of each wait that chance decides, 0 to 1, so that what died together isn't back together. */
  readonly jitter: number;
  /** After so long without a restart the waits begin anew. */
  readonly resetMs: number;
  /** Most restarts of one department… */
  readonly restarts: number;
  /** …in this time. */
  readonly windowMs: number;
}

/** Exponential back-off for each department, until it has been restarted too often. */
export class RestartPolicy {
  readonly #limits: RestartLimits;
  readonly #random: () => number;
  readonly #histories = new Map<string, { waitMs: number; at: number[] }>();

  /** @param random 0 to 1 */
  constructor(limits: RestartLimits, random: () => number) {
    this.#limits = limits;
    this.#random = random;
  }

  /** How long to wait before this restart, which counts; undefined when there have been too many. `now` in ms. */
  next(department: string, now: number): number | undefined {
    const { minMs, maxMs, factor, jitter, resetMs, restarts, windowMs } = this.#limits;
    const history = this.#histories.get(department) ?? { waitMs: 0, at: [] };
    this.#histories.set(department, history);
    const last = history.at.at(-1);
    history.at = history.at.filter((at) => at > now - windowMs);
    if (history.at.length >= restarts) return undefined;
    history.at.push(now);
    const anew = last === undefined || last <= now - resetMs;
    history.waitMs = anew ? minMs : Math.min(maxMs, history.waitMs * factor);
    return history.waitMs * (1 - jitter * this.#random());
  }
}
