/**
 * One business: a device's raw data is fetched, sent to the compute service, and the result becomes a row.
 *
 * @module
 */

/** What the data service answers. */
export interface RawData {
  readonly id: number;
  readonly data: readonly number[];
}

/** What the compute service answers. */
export interface Computed {
  readonly id: number;
  readonly result: number;
}

/** What is stored of a business. */
export interface Row {
  /** Its number, from 1 up. */
  readonly bid: number;
  readonly sensor: number;
  readonly val: number;
  /** From its begin until its row is handed to the writer. */
  readonly ms: number;
}

/** Sensors that businesses are about, in turn. */
const SENSORS = 97;

/** Numbers in a device's raw data. */
const POINTS = 16;

/** The row of a business that began at `startedAt`, a time of `performance.now()`. */
export function rowOf({ id, result }: Computed, startedAt: number): Row {
  return { bid: id, sensor: id % SENSORS, val: result, ms: performance.now() - startedAt };
}

/** What the data service answers about `id`. */
export function rawDataOf(id: number): RawData {
  return { id, data: Array.from({ length: POINTS }, (_, at) => ((id * 31 + at * 7) % 97) / 10) };
}

/** What the compute service answers: the mean. */
export function computedOf({ id, data }: RawData): Computed {
  return { id, result: data.reduce((sum, value) => sum + value, 0) / data.length };
}
