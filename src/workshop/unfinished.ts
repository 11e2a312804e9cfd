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
  /** Jobs of each earlier epoch that has some left, the oldest first. */
  readonly #earlier = new Map<number, number>();
  #epoch = 0;
  /** Jobs of the epoch. */
  #jobs = 0;

  /** To which jobs that come belong. Never goes back. */
  set epoch(epoch: number) {
    if (epoch === this.#epoch) return;
    if (this.#jobs > 0) this.#earlier.set(this.#epoch, this.#jobs);
    this.#epoch = epoch;
    this.#jobs = 0;
  }

  /** A job has come. */
  add(job: Job): void {
    job.epoch = this.#epoch;
    this.#jobs++;
  }

  /** A job is done. */
  remove({ epoch }: Job): void {
    if (epoch === this.#epoch) {
      this.#jobs--;
      return;
    }
    const left = this.#earlier.get(epoch)! - 1;
    if (left === 0) this.#earlier.delete(epoch);
    else this.#earlier.set(epoch, left);
  }

  /** The epoch of the oldest job; `Infinity` if there is none. */
  get oldest(): number {
    for (const epoch of this.#earlier.keys()) return epoch;
    return this.#jobs > 0 ? this.#epoch : Infinity;
  }
}
