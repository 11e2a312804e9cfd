/**
 * SQLite's errors as the store's.
 *
 * @module
 */

import { messageOf, StoreError } from "../core/mod.ts";

/** What SQLite says, and what the caller may make of it. Texts, because not every runtime tells the numbers. */
const CODES: readonly (readonly [RegExp, string])[] = [
  [/database (table )?is locked|database is busy/, "STORE_BUSY"],
  [/malformed|not a database/, "STORE_DAMAGED"],
  [/disk is full/, "STORE_FULL"],
  [/readonly|unable to open|EACCES|EPERM|EROFS|EEXIST|ENOTDIR/, "STORE_DENIED"],
];

/** Runs something with the database; what SQLite throws becomes a {@link StoreError} that names the directory. */
export function guarded<T>({ directory, what }: { directory: string; what: string }, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const message = messageOf(cause);
    throw new StoreError(`store: ${directory}: ${what}: ${message}`, {
      code: CODES.find(([text]) => text.test(message))?.[1] ?? "STORE_FAILED",
      fields: { directory },
      cause,
    });
  }
}
