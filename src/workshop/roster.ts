/**
 * The roster: which worker serves a key. Open addressing over typed arrays, built for a million live keys.
 *
 * @module
 */

import type { BatchReader } from "../batch/mod.ts";
import type { KeyedWorker } from "./worker.ts";

const SMALLEST = 1_024;

/**
 * Finds workers by the hash and bytes of a key, without making a string of it.
 *
 * Linear probing at most half full, so that a miss takes about two and a half looks (Knuth, The Art of Computer
 * Programming 6.4); removal closes the gap instead of leaving tombstones, so that look-ups never get slower.
 */
export class Roster {
  /** Two words each, side by side in one cache line: place on the roster + 1, or 0 where nobody is; hash. */
  #table = new Int32Array(SMALLEST * 2);
  #mask = SMALLEST - 1;
  #workers: (KeyedWorker | undefined)[] = [];
  #free: number[] = [];

  /** Live workers. */
  get size(): number {
    return this.#workers.length - this.#free.length;
  }

  /** Places in use or used before: the bound of {@link at}. */
  get places(): number {
    return this.#workers.length;
  }

  /** The worker at a place, if there is one. */
  at(index: number): KeyedWorker | undefined {
    return this.#workers[index];
  }

  /** The worker for the key of a batch's row, if one is hired. */
  find(hash: number, reader: BatchReader, row: number): KeyedWorker | undefined {
    const table = this.#table;
    const mask = this.#mask;
    const wanted = hash | 0;
    for (let i = home(wanted, mask); table[i * 2] !== 0; i = (i + 1) & mask) {
      if (table[i * 2 + 1] !== wanted) continue;
      const worker = this.#workers[table[i * 2] - 1]!;
      if (reader.keyIs(row, worker.key)) return worker;
    }
    return undefined;
  }

  /** The worker for a key, if one is hired. */
  get(key: string, hash: number): KeyedWorker | undefined {
    const table = this.#table;
    const mask = this.#mask;
    const wanted = hash | 0;
    for (let i = home(wanted, mask); table[i * 2] !== 0; i = (i + 1) & mask) {
      if (table[i * 2 + 1] !== wanted) continue;
      const worker = this.#workers[table[i * 2] - 1]!;
      if (worker.key === key) return worker;
    }
    return undefined;
  }

  /** Puts a worker on the roster and gives it its place. Its key must not be there yet. */
  add(worker: KeyedWorker): number {
    if ((this.size + 1) * 2 > this.#mask) this.#grow();
    const index = this.#free.pop() ?? this.#workers.length;
    this.#workers[index] = worker;
    worker.index = index;
    this.#insert(worker.hash | 0, index);
    return index;
  }

  /** Takes a worker off the roster. */
  remove(worker: KeyedWorker): void {
    const { index } = worker;
    let gap = this.#placeOf(worker);
    this.#workers[index] = undefined;
    this.#free.push(index);
    worker.index = -1;
    const table = this.#table;
    const mask = this.#mask;
    for (let i = (gap + 1) & mask; table[i * 2] !== 0; i = (i + 1) & mask) {
      // An entry may move into the gap unless the gap lies before its home, going round.
      if (((i - home(table[i * 2 + 1], mask)) & mask) < ((i - gap) & mask)) continue;
      table[gap * 2] = table[i * 2];
      table[gap * 2 + 1] = table[i * 2 + 1];
      gap = i;
    }
    table[gap * 2] = 0;
  }

  /** Puts `heir` where `worker` was. */
  replace(worker: KeyedWorker, heir: KeyedWorker): void {
    this.#workers[worker.index] = heir;
    heir.index = worker.index;
    worker.index = -1;
  }

  #placeOf(worker: KeyedWorker): number {
    let i = home(worker.hash | 0, this.#mask);
    while (this.#table[i * 2] !== worker.index + 1) i = (i + 1) & this.#mask;
    return i;
  }

  #insert(hash: number, index: number): void {
    let i = home(hash, this.#mask);
    while (this.#table[i * 2] !== 0) i = (i + 1) & this.#mask;
    this.#table[i * 2] = index + 1;
    this.#table[i * 2 + 1] = hash;
  }

  #grow(): void {
    const table = this.#table;
    this.#table = new Int32Array(table.length * 2);
    this.#mask = table.length - 1;
    for (let i = 0; i < table.length; i += 2) if (table[i] !== 0) this.#insert(table[i + 1], table[i] - 1);
  }
}

/** The low bits chose the workshop, so that they say little inside it: the high ones are folded in. */
function home(hash: number, mask: number): number {
  return (hash ^ (hash >>> 15)) & mask;
}
