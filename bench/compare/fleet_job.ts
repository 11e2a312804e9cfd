/**
 * The fleet job as somebody would write it without a factory: one Map of states, one product for each item, grouped
 * by type and dropped every second.
 *
 * @module
 */

import { fleetMeans, type Reading } from "../scenarios/fleet_source.ts";

/** What is made of one reading. */
export interface Product {
  device: string;
  type: string;
  at: number;
  count: number;
  mean: number;
}

/** Count and running mean of some devices. */
export class Means {
  readonly #states = new Map<string, { count: number; mean: number }>();

  /** One reading more. */
  take({ device, type, at, value }: Reading): Product {
    let state = this.#states.get(device);
    if (state === undefined) this.#states.set(device, state = { count: 0, mean: 0 });
    state.count++;
    state.mean += (value - state.mean) / state.count;
    return { device, type, at, count: state.count, mean: state.mean };
  }
}

/** Where products wait by type for the next flush. */
export class Shelves {
  readonly #shelves = new Map<string, Product[]>();
  #flushedAt = performance.now();
  #counts = 0;
  /** Products put in so far. */
  delivered = 0;

  put(product: Product): void {
    const shelf = this.#shelves.get(product.type);
    if (shelf === undefined) this.#shelves.set(product.type, [product]);
    else shelf.push(product);
    this.#counts += product.count;
    this.delivered++;
  }

  /** Drops what is there, if the last time is a second ago. */
  flush(): void {
    if (performance.now() - this.#flushedAt < 1_000) return;
    this.#flushedAt = performance.now();
    for (const shelf of this.#shelves.values()) shelf.length = 0;
  }

  /** What is wrong with the products of the first `items` readings, if anything: each device must have counted up. */
  problems({ keys, items }: { keys: number; items: number }): string[] {
    const problems: string[] = [];
    if (this.delivered !== items) problems.push(`${items} readings, ${this.delivered} products`);
    const wanted = fleetMeans(keys, items).counts.reduce((sum, count) => sum + count * (count + 1) / 2, 0);
    if (this.#counts !== wanted) problems.push(`counts add up to ${this.#counts}, not ${wanted}`);
    return problems;
  }
}
