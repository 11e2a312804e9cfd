/**
 * The warehouse: products grouped by epoch and type, until the driver takes them.
 *
 * @module
 */

/** A product batch as it came off a conveyor. */
export interface Load {
  /** Index of the product type. */
  readonly type: number;
  readonly workshop: number;
  /** The workshop, and since when it has been there: one that takes its place counts its batches anew. */
  readonly origin: string;
  readonly sequence: number;
  readonly epoch: number;
  readonly rows: number;
  /** When its first product was shipped, ms since 1970. */
  readonly at: number;
  readonly buffer: ArrayBuffer;
}

/** What waits of one type. */
export interface Shelf {
  items: number;
  bytes: number;
  /** When the oldest was shipped, ms since 1970; Infinity if nothing waits. */
  readonly oldestAt: number;
}

/** Keeps loads. The porter bounds them: what it puts in, it counts against its conveyor's credit. */
export class Warehouse {
  readonly #epochs = new Map<number, Load[][]>();
  readonly #items: number[];
  readonly #typeBytes: number[];
  readonly #types: number;
  bytes = 0;
  items = 0;

  constructor(types: number) {
    this.#types = types;
    this.#items = new Array(types).fill(0);
    this.#typeBytes = new Array(types).fill(0);
  }

  put(load: Load): void {
    let shelves = this.#epochs.get(load.epoch);
    if (shelves === undefined) {
      shelves = Array.from({ length: this.#types }, () => []);
      this.#epochs.set(load.epoch, shelves);
    }
    shelves[load.type].push(load);
    this.#count(load, 1);
  }

  /** Takes loads of one type and epoch, all of one workshop, the oldest first, until they hold `rows` rows or more. */
  take(type: number, epoch: number, rows: number): Load[] {
    const shelf = this.#epochs.get(epoch)?.[type];
    if (shelf === undefined || shelf.length === 0) return [];
    const { workshop } = shelf[0];
    const loads: Load[] = [];
    const left: Load[] = [];
    let taken = 0;
    for (const load of shelf) {
      if (load.workshop !== workshop || taken >= rows) left.push(load);
      else {
        loads.push(load);
        taken += load.rows;
        this.#count(load, -1);
      }
    }
    this.#epochs.get(epoch)![type] = left;
    return loads;
  }

  /** Throws away what waits of a workshop that is gone. */
  drop(workshop: number): void {
    for (const shelves of this.#epochs.values()) {
      shelves.forEach((shelf, type) => {
        for (const load of shelf) if (load.workshop === workshop) this.#count(load, -1);
        shelves[type] = shelf.filter((load) => load.workshop !== workshop);
      });
    }
  }

  /** Whether anything waits of this epoch. */
  has(epoch: number): boolean {
    return this.#epochs.get(epoch)?.some((shelf) => shelf.length > 0) ?? false;
  }

  /** The epoch is done with. */
  forget(epoch: number): void {
    this.#epochs.delete(epoch);
  }

  /** What waits of one type, all epochs. */
  shelf(type: number): Shelf {
    let oldestAt = Infinity;
    for (const shelves of this.#epochs.values()) {
      if (shelves[type].length > 0) oldestAt = Math.min(oldestAt, shelves[type][0].at);
    }
    return { items: this.#items[type], bytes: this.#typeBytes[type], oldestAt };
  }

  #count(load: Load, sign: 1 | -1): void {
    const bytes = sign * load.buffer.byteLength;
    const items = sign * load.rows;
    this.bytes += bytes;
    this.items += items;
    this.#typeBytes[load.type] += bytes;
    this.#items[load.type] += items;
  }
}
