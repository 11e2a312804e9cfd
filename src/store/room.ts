/**
 * Room on the disk.
 *
 * @module
 */

import { statfsSync } from "node:fs";
import { StoreError } from "../core/mod.ts";
import { STORE_ROOM_FACTOR, STORE_SPARE_BYTES } from "../core/limits.ts";

/**
 * Refuses a write before SQLite would: once SQLite has met a full disk, the whole transaction is gone. What is
 * refused here can be tried again as it is, when there is room.
 *
 * The claims are estimates. Where they are too low, or a quota says what the file system doesn't, SQLite gives the
 * transaction up all the same.
 */
export class Room {
  readonly #directory: string;
  readonly #freeBytes: () => number;
  #claimed = 0;

  /** @param freeBytes for tests */
  constructor(directory: string, freeBytes: () => number = () => freeBytesOf(directory)) {
    this.#directory = directory;
    this.#freeBytes = freeBytes;
  }

  /** About to write so many bytes. @throws {StoreError} `STORE_FULL` when there is no room for all that was claimed */
  claim(bytes: number): void {
    const needed = STORE_SPARE_BYTES + STORE_ROOM_FACTOR * (this.#claimed + bytes);
    const free = this.#freeBytes();
    if (free < needed) {
      throw new StoreError(
        `store: ${this.#directory}: the disk is full: ${free} bytes are free, ${needed} may be needed`,
        { code: "STORE_FULL", fields: { directory: this.#directory, free, needed } },
      );
    }
    this.#claimed += bytes;
  }

  /** The transaction is over. */
  release(): void {
    this.#claimed = 0;
  }
}

/** Infinite where the file system doesn't say. */
function freeBytesOf(directory: string): number {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}

/** What a row takes besides its values: its key, epoch and time, and SQLite's record of them. */
const ROW_BYTES = 64;

/** What these products take in a table, judged by the first. */
export function bytesOf(products: readonly unknown[]): number {
  return products.length * (ROW_BYTES + (JSON.stringify(products[0])?.length ?? 0));
}
