/**
 * How many businesses have been bought and done, for whoever has to know: shared by all Web Workers.
 *
 * @module
 */

/** Orders not done at most, beyond those in flight: enough that nobody waits for one. */
const AHEAD = 1_024;

/** Between two looks of a source that is ahead. */
const LOOK_MS = 1;

const BOUGHT = 0;
const DONE = 1;
const LAST = 2;

/** Orders of businesses: it gives out numbers, but not many more than are done. */
export class OrderBook {
  readonly shared: SharedArrayBuffer;
  readonly #counts: Int32Array;

  /**
   * @param shared of the book that this is to be another view of; undefined for a new one
   * @param last of a new book: the last number, unless it is closed sooner
   */
  constructor(shared?: SharedArrayBuffer, last: number = 2 ** 31 - 1) {
    this.shared = shared ?? new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT);
    this.#counts = new Int32Array(this.shared);
    if (shared === undefined) this.#counts[LAST] = last;
  }

  /** Businesses done so far. */
  get done(): number {
    return Atomics.load(this.#counts, DONE);
  }

  /** One more is done. */
  finish(): void {
    Atomics.add(this.#counts, DONE, 1);
  }

  /** No more are given out. */
  close(): void {
    Atomics.store(this.#counts, LAST, 0);
  }

  /** The next numbers, `count` at most, as soon as they are wanted; undefined when no more are given out. */
  async take(count: number, inFlight: number): Promise<number[] | undefined> {
    for (;;) {
      const bought = Atomics.load(this.#counts, BOUGHT);
      const length = Math.min(count, Atomics.load(this.#counts, LAST) - bought);
      if (length <= 0) return undefined;
      if (bought - this.done <= inFlight + AHEAD) {
        Atomics.store(this.#counts, BOUGHT, bought + length); // there is one source
        return Array.from({ length }, (_, at) => bought + 1 + at);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}
