/**
 * What every mode of the dispatch is given, and what it gives back.
 *
 * @module
 */

/** How the dispatch is run. */
export interface DispatchOptions {
  /** Base URLs of the data service. */
  readonly raw: readonly string[];
  /** Base URLs of the compute service. */
  readonly compute: readonly string[];
  /** An empty folder for the database. */
  readonly folder: string;
  readonly warm: number;
  readonly seconds: number;
  /** Businesses at once, in all threads together. */
  readonly inFlight: number;
  /** Threads that do businesses. */
  readonly threads: number;
}

/** One run. */
export interface DispatchRun {
  /** A SQLite database with the table `result`: `bid`, `sensor`, `val`, `ms`, `_at`. */
  readonly database: string;
  /** Businesses that were done from the first to the last, warming up included. */
  readonly done: number;
  /** When what is measured began and ended, ms since 1970. */
  readonly from: number;
  readonly to: number;
  /** CPU time of this process in that time, by its length. */
  readonly cores: number;
}
