/**
 * Which epochs still have jobs.
 *
 * @module
 */

import type { Job } from "./job.ts";

/**
 * Counts the jobs of each epoch, for a workshop whose jobs are in no commit: who waits for the commit of an item waits
 * until its job is done.
 */
export class Unfinished {
  /** Jobs by epoch, the oldest epoch first. */
  readonly #jobs = new Map<number, number>();
  /** To which jobs that come belong. Never goes back. */
  epoch = 0;

  /** A job has come. */
  add(job: Job): void {
    const { epoch } = this;
    job.epoch = epoch;
    this.#jobs.set(epoch, (this.#jobs.get(epoch) ?? 0) + 1);
  }

  /** A job is done. */
  remove({ epoch }: Job): void {
    const left = this.#jobs.get(epoch)! - 1;
    if (left === 0) this.#jobs.delete(epoch);
    else this.#jobs.set(epoch, left);
  }

  /** The epoch of the oldest job; `Infinity` if there is none. */
  get oldest(): number {
    for (const epoch of this.#jobs.keys()) return epoch;
    return Infinity;
  }
}
