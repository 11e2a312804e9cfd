/**
 * A board that all Web Workers of a process write on and the main thread reads, so that a scenario sees what a
 * workshop does at the moment that it does it. It is handed to the blueprint as a setting.
 *
 * @module
 */

/** Web Workers that can have a place on the board. */
const PLACES = 64;

/** Handed over as it is: memory that is shared. */
export type Shared = SharedArrayBuffer;

/** One on each side; those made of the same memory see the same. */
export class Board {
  /** Place 0 is the next free place, place 1 the one that is to die. */
  readonly #words: Int32Array;
  readonly #turns: BigInt64Array;
  readonly #firstAt: BigInt64Array;
  readonly #lastAt: BigInt64Array;
  readonly shared: Shared;

  constructor(shared: Shared = new SharedArrayBuffer(16 + 3 * 8 * PLACES)) {
    this.shared = shared;
    this.#words = new Int32Array(shared, 0, 2);
    const column = (index: number) => new BigInt64Array(shared, 16 + index * 8 * PLACES, PLACES);
    [this.#turns, this.#firstAt, this.#lastAt] = [column(0), column(1), column(2)];
  }

  /** A place for the Web Worker that asks. @throws {RangeError} when there is none left */
  takePlace(): number {
    const place = Atomics.add(this.#words, 0, 1);
    if (place >= PLACES) throw new RangeError(`the board has ${PLACES} places`);
    return place;
  }

  /** Places taken. */
  get places(): number {
    return Atomics.load(this.#words, 0);
  }

  /** Whoever has the place has finished a turn. */
  served(place: number): void {
    const at = BigInt(Date.now());
    if (Atomics.add(this.#turns, place, 1n) === 0n) Atomics.store(this.#firstAt, place, at);
    Atomics.store(this.#lastAt, place, at);
  }

  /** Turns of the one who has the place. */
  turns(place: number): number {
    return Number(Atomics.load(this.#turns, place));
  }

  /** When the first of them ended, ms since 1970; 0 if there was none. */
  firstAt(place: number): number {
    return Number(Atomics.load(this.#firstAt, place));
  }

  /** When the last of them ended. */
  lastAt(place: number): number {
    return Number(Atomics.load(this.#lastAt, place));
  }

  /** Whoever has the place is to die. */
  condemn(place: number): void {
    Atomics.store(this.#words, 1, place + 1);
  }

  /** True once for the one who is to die. */
  condemned(place: number): boolean {
    return Atomics.compareExchange(this.#words, 1, place + 1, 0) === place + 1;
  }
}
