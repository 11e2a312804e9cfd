/**
 * Loads of one type, epoch and workshop, as a sink sees them.
 *
 * @module
 */

import type { BatchReader } from "../batch/mod.ts";
import type { Delivery } from "../sinks/mod.ts";
import type { Load } from "./warehouse.ts";

/** A batch that may have waited in the warehouse, or in the outbox. */
export type Packed = Omit<Load, "type">;

/** Decodes only what the sink asks for, and only once. */
export class LoadedDelivery<P extends Packed = Load> implements Delivery {
  readonly type: string;
  readonly count: number;
  readonly at: number;
  readonly epoch: number;
  readonly workshop: number;
  readonly idempotencyKey: string;
  readonly loads: readonly P[];
  readonly #reader: BatchReader;
  #products: unknown[] | undefined;
  #keys: string[] | undefined;

  constructor(type: string, loads: readonly P[], reader: BatchReader) {
    const first = loads[0];
    this.type = type;
    this.loads = loads;
    this.#reader = reader;
    this.count = loads.reduce((rows, load) => rows + load.rows, 0);
    this.at = loads.reduce((at, load) => Math.max(at, load.at), 0);
    this.epoch = first.epoch;
    this.workshop = first.workshop;
    this.idempotencyKey = `${first.epoch}-${first.origin}-${first.sequence}`;
  }

  get products(): readonly unknown[] {
    return this.#products ??= this.#collect((reader, row) => reader.item(row));
  }

  get keys(): readonly string[] {
    return this.#keys ??= this.#collect((reader, row) => reader.key(row));
  }

  #collect<T>(read: (reader: BatchReader, row: number) => T): T[] {
    const values: T[] = [];
    for (const load of this.loads) {
      this.#reader.load(load.buffer);
      for (let row = 0; row < load.rows; row++) values.push(read(this.#reader, row));
    }
    this.#reader.unload();
    return values;
  }
}
