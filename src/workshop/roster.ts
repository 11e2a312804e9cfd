/**
 * The roster: which worker serves a key. Open addressing over typed arrays, built for a million live keys.
 *
 * @module
 */

import type { BatchReader } from "../batch/mod.ts";
import type { KeyedWorker } from "./worker.ts";

/** Tables, by the upper bits of the hash: a power of two. Each doubles by itself, so that no item waits for long. */
const TABLES = 16;
const TABLE_SHIFT = 32 - Math.log2(TABLES);

/** Entries of a table at first. */
const SMALLEST = 64;

/** Rows of a batch that are looked up at once: more misses of the caches than any processor waits for at a time. */
export const ROWS_AHEAD: number = 64;

/** Words of a short key: its length, and up to twelve bytes. */
const KEY_WORDS = 4;

/** Places with room for their keys' words at first. They double at other sizes than contracts, for the same reason. */
const FIRST_WORDS = 1_536;

/** Instead of the length of a key that is too long, or more than ASCII: it has to be compared as a string. */
const NO_WORDS = -1;

/**
 * Finds workers by the hash and bytes of a key, without making a string of it.
 *
 * Linear probing at most half full, so that a miss takes about two and a half looks (Knuth, The Art of Computer
 * Programming 6.4); removal closes the gap instead of leaving tombstones, so that look-ups never get slower.
 */
export class Roster {
  /** Two words an entry, side by side in one cache line: place on the roster + 1, or 0 where nobody is; hash. */
  readonly #tables = Array.from({ length: TABLES }, () => new Int32Array(SMALLEST * 2));
  readonly #masks = new Int32Array(TABLES).fill(SMALLEST - 1);
  /** Workers in each table. */
  readonly #counts = new Int32Array(TABLES);
  #workers: (KeyedWorker | undefined)[] = [];
  #free: number[] = [];
  /** Keys of at most twelve ASCII characters as words, so that comparing one means looking at one place in memory. */
  #keys = new Int32Array(FIRST_WORDS * KEY_WORDS);
  readonly #sought = new Int32Array(KEY_WORDS);
  readonly #places = new Int32Array(ROWS_AHEAD);
  /** Counts states, so that looking at them is not in vain in the eyes of the runtime's compiler. */
  #seen = 0;

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
    const wanted = hash | 0;
    const table = this.#tables[wanted >>> TABLE_SHIFT];
    const mask = this.#masks[wanted >>> TABLE_SHIFT];
    for (let i = home(wanted, mask); table[i * 2] !== 0; i = (i + 1) & mask) {
      if (table[i * 2 + 1] !== wanted) continue;
      const worker = this.#workers[table[i * 2] - 1]!;
      if (reader.keyIs(row, worker.key)) return worker;
    }
    return undefined;
  }

  /**
   * The workers for the keys of a batch's rows from `first` up to `end`, {@link ROWS_AHEAD} at most.
   *
   * With many keys nothing of a worker is in the processor's caches. Looking for all of them step by step, rather
   * than for one after the other, has it fetch many at the same time.
   */
  findAll(
    reader: BatchReader,
    { first, end, found }: { first: number; end: number; found: (KeyedWorker | undefined)[] },
  ): void {
    this.#look(reader, first, end);
    const keys = this.#keys;
    const sought = this.#sought;
    for (let row = first; row < end; row++) {
      const place = this.#places[row - first];
      const at = place * KEY_WORDS;
      if (place < 0) {
        found[row - first] = undefined;
      } else if (
        reader.shortKey(row, sought) && keys[at] === sought[0] && keys[at + 1] === sought[1] &&
        keys[at + 2] === sought[2] && keys[at + 3] === sought[3]
      ) {
        found[row - first] = this.#workers[place];
      } else {
        found[row - first] = this.find(reader.hash(row), reader, row);
      }
    }
    this.#fetch(found, end - first);
  }

  /** The first place on the table with the hash of each row's key; -1 if there is none. */
  #look(reader: BatchReader, first: number, end: number): void {
    const tables = this.#tables;
    const masks = this.#masks;
    for (let row = first; row < end; row++) {
      const wanted = reader.hash(row) | 0;
      const table = tables[wanted >>> TABLE_SHIFT];
      const mask = masks[wanted >>> TABLE_SHIFT];
      let i = home(wanted, mask);
      while (table[i * 2] !== 0 && table[i * 2 + 1] !== wanted) i = (i + 1) & mask;
      this.#places[row - first] = table[i * 2] - 1;
    }
  }

  /** Has the processor fetch what the turns are about to need. */
  #fetch(workers: readonly (KeyedWorker | undefined)[], count: number): void {
    let seen = 0;
    for (let i = 0; i < count; i++) if (typeof workers[i]?.state === "object") seen++;
    this.#seen = seen;
  }

  /** The worker for a key, if one is hired. */
  get(key: string, hash: number): KeyedWorker | undefined {
    const wanted = hash | 0;
    const table = this.#tables[wanted >>> TABLE_SHIFT];
    const mask = this.#masks[wanted >>> TABLE_SHIFT];
    for (let i = home(wanted, mask); table[i * 2] !== 0; i = (i + 1) & mask) {
      if (table[i * 2 + 1] !== wanted) continue;
      const worker = this.#workers[table[i * 2] - 1]!;
      if (worker.key === key) return worker;
    }
    return undefined;
  }

  /** Puts a worker on the roster and gives it its place. Its key must not be there yet. */
  add(worker: KeyedWorker): number {
    const which = worker.hash >>> TABLE_SHIFT;
    if (++this.#counts[which] * 2 > this.#masks[which]) this.#grow(which);
    const index = this.#free.pop() ?? this.#workers.length;
    this.#workers[index] = worker;
    worker.index = index;
    this.#insert(worker.hash | 0, index);
    this.#note(worker.key, index);
    return index;
  }

  /** Takes a worker off the roster. */
  remove(worker: KeyedWorker): void {
    const { index } = worker;
    let gap = this.#placeOf(worker);
    this.#workers[index] = undefined;
    this.#free.push(index);
    worker.index = -1;
    const which = worker.hash >>> TABLE_SHIFT;
    this.#counts[which]--;
    const table = this.#tables[which];
    const mask = this.#masks[which];
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

  /** Keeps the words of a worker's key. */
  #note(key: string, index: number): void {
    if (index * KEY_WORDS >= this.#keys.length) {
      const keys = this.#keys;
      this.#keys = new Int32Array(keys.length * 2);
      this.#keys.set(keys);
    }
    const at = index * KEY_WORDS;
    this.#keys.fill(0, at, at + KEY_WORDS);
    this.#keys[at] = key.length;
    for (let i = 0; i < key.length; i++) {
      const unit = key.charCodeAt(i);
      if (unit > 0x7f || i === (KEY_WORDS - 1) * 4) {
        this.#keys[at] = NO_WORDS;
        return;
      }
      this.#keys[at + 1 + (i >> 2)] |= unit << 8 * (i & 3);
    }
  }

  #placeOf(worker: KeyedWorker): number {
    const table = this.#tables[worker.hash >>> TABLE_SHIFT];
    const mask = this.#masks[worker.hash >>> TABLE_SHIFT];
    let i = home(worker.hash | 0, mask);
    while (table[i * 2] !== worker.index + 1) i = (i + 1) & mask;
    return i;
  }

  #insert(hash: number, index: number): void {
    const table = this.#tables[hash >>> TABLE_SHIFT];
    const mask = this.#masks[hash >>> TABLE_SHIFT];
    let i = home(hash, mask);
    while (table[i * 2] !== 0) i = (i + 1) & mask;
    table[i * 2] = index + 1;
    table[i * 2 + 1] = hash;
  }

  #grow(which: number): void {
    const table = this.#tables[which];
    this.#tables[which] = new Int32Array(table.length * 2);
    this.#masks[which] = table.length - 1;
    for (let i = 0; i < table.length; i += 2) if (table[i] !== 0) this.#insert(table[i + 1], table[i] - 1);
  }
}

/** The low bits chose the workshop, so that they say little inside it: the high ones are folded in. */
function home(hash: number, mask: number): number {
  return (hash ^ (hash >>> 15)) & mask;
}
