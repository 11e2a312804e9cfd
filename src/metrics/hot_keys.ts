/**
 * Which key has the most of a stream, found from a sample in a few hundred bytes: Misra and Gries, "Finding repeated
 * elements" (1982), over a window that fades.
 *
 * @module
 */

/** A key and its share. */
export interface HotKey {
  /** As the blueprint gives it. */
  key: string;
  /** Of the items of late, 0 to 1; an estimate that errs rather on the low side, by 0.06 at most. */
  share: number;
}

/** One item of so many is looked at. A prime, so that no source's rhythm hides a key from it. */
const EVERY = 31;

/** Keys counted at once: a share is underestimated by at most 1/(16 + 1). */
const COUNTERS = 16;

/** Looks after which all counts are halved, so that what was long ago fades. */
const WINDOW = 512;

/** Looks below which a share says nothing. */
const ENOUGH = 64;

/** What is needed of a batch: the key of a row. */
export interface Keys {
  key(row: number): string;
}

/** Follows the heaviest keys of a stream. Nothing here is done per item. */
export class HotKeys {
  readonly #counts = new Map<string, number>();
  #looks = 0;
  #next = 0;

  /** Looks at a sample of a batch's rows. */
  sample(batch: Keys, rows: number): void {
    let row = this.#next;
    for (; row < rows; row += EVERY) this.#see(batch.key(row));
    this.#next = row - rows;
  }

  /** The key with the largest share of late; null while too little has been seen. */
  hottest(): HotKey | null {
    if (this.#looks < ENOUGH) return null;
    let hottest: HotKey | null = null;
    for (const [key, count] of this.#counts) {
      const share = count / this.#looks;
      if (hottest === null || share > hottest.share) hottest = { key, share };
    }
    return hottest;
  }

  #see(key: string): void {
    const count = this.#counts.get(key);
    if (count !== undefined) this.#counts.set(key, count + 1);
    else if (this.#counts.size < COUNTERS) this.#counts.set(key, 1);
    else this.#shrink((other) => other - 1);
    if (++this.#looks < WINDOW) return;
    this.#looks /= 2;
    this.#shrink((other) => other / 2);
  }

  #shrink(by: (count: number) => number): void {
    for (const [key, count] of this.#counts) {
      const less = by(count);
      if (less < 1) this.#counts.delete(key);
      else this.#counts.set(key, less);
    }
  }
}
