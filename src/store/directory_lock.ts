/**
 * One factory for one data directory.
 *
 * @module
 */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../core/mod.ts";
import { guarded } from "./failure.ts";

/**
 * Holds a directory until released, or until the process dies, however it dies.
 *
 * It is SQLite's own exclusive lock on an otherwise empty database beside the store's: the operating system drops it
 * with the process, and SQLite also keeps apart the threads of one process. The store's own database can't serve as
 * the lock, because others may read it. Network file systems whose locks don't work are no place for a store.
 */
export class DirectoryLock {
  readonly #lock: DatabaseSync;

  private constructor(lock: DatabaseSync) {
    this.#lock = lock;
  }

  /** @throws {StoreError} `STORE_LOCKED` when it is taken */
  static take(directory: string): DirectoryLock {
    const lock = guarded(
      { directory, what: "can't be locked" },
      () => new DatabaseSync(join(directory, "lock.db")),
    );
    try {
      guarded(
        { directory, what: "can't be locked" },
        () => lock.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE"),
      );
    } catch (error) {
      lock.close();
      if (!(error instanceof StoreError) || error.code !== "STORE_BUSY") throw error;
      throw new StoreError(
        `store: ${directory} is in use by another factory, in this process or another one; only one at a time can ` +
          `have a data directory open. Close that one, or choose another directory`,
        { code: "STORE_LOCKED", fields: { directory }, cause: error },
      );
    }
    return new DirectoryLock(lock);
  }

  /** Lets the next one in. */
  release(): void {
    this.#lock.close();
  }
}
