/**
 * Opening the store.
 *
 * @module
 */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { ItemCodec } from "../batch/mod.ts";
import { StoreError } from "../core/mod.ts";
import { SLOTS, STORE_BUSY_MS, STORE_CACHE_BYTES, STORE_LOG_BYTES } from "../core/limits.ts";
import { migrate } from "./layout.ts";
import { createDatabase, DATABASE, inspectDatabase } from "./database_file.ts";
import { DirectoryLock } from "./directory_lock.ts";
import { guarded } from "./failure.ts";
import { Store } from "./store.ts";

/** How a store is opened. */
export interface StoreOptions {
  /** Made if it isn't there. */
  readonly directory: string;
  /** The blueprint's name. Without it, a store that is there is opened whatever its name, and none is made. */
  readonly name?: string;
  /** The product types, for {@link Store.inserter}. */
  readonly products?: ReadonlyMap<string, ItemCodec>;
  /** Slots that keys hash to; fixed when the store is made. Default 256. */
  readonly slots?: number;
  /**
   * How keys are put into them: another text puts them elsewhere, which is allowed as soon as no worker has anything
   * to do any more. Default: the empty text.
   */
  readonly placement?: string;
  /**
   * `none` keeps no offsets, and forgets those of earlier runs: sources start anew. Default `exactly-once`.
   */
  readonly durability?: "exactly-once" | "none";
}

/**
 * Opens the store of a data directory, and holds the directory until it is closed or the process dies.
 *
 * The database is in WAL mode with `synchronous = NORMAL`: readers never wait, and a commit doesn't wait for the
 * disk. {@link Store} says what that means for a power loss.
 *
 * @throws {StoreError} by code: `STORE_LOCKED` another factory has the directory open; `STORE_FOREIGN`,
 * `STORE_VERSION`, `STORE_DAMAGED` the file is none of ours, of another version, or broken, and left as it is;
 * `STORE_MISMATCH` it belongs to another blueprint, has another number of slots, or workers in other ones;
 * `STORE_DENIED` the directory can't be written
 */
export function openStore(options: StoreOptions): Store {
  const { directory, name, products = new Map(), slots = SLOTS, durability = "exactly-once" } = options;
  const { placement = "" } = options;
  const what = "can't be opened";
  guarded({ directory, what }, () => mkdirSync(directory, { recursive: true }));
  const lock = DirectoryLock.take(directory);
  let database: DatabaseSync | undefined;
  try {
    const meta = inspectDatabase(directory);
    if (meta) checkMeta(meta, { directory, name, slots });
    else if (name !== undefined) createDatabase(directory, { blueprint: name, slots: String(slots) });
    else throw new StoreError(`store: ${directory}: there is no store`, { code: "STORE_MISSING" });
    return guarded({ directory, what }, () => {
      database = new DatabaseSync(join(directory, DATABASE));
      settle(database);
      migrate(database);
      if (name !== undefined) settlePlacement(database, { directory, placement });
      return new Store({ directory, database, lock, products, slots, durability });
    });
  } catch (error) {
    database?.close();
    lock.release();
    throw error;
  }
}

function settle(database: DatabaseSync): void {
  database.exec(`
    PRAGMA busy_timeout = ${STORE_BUSY_MS};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA cache_size = ${-Math.floor(STORE_CACHE_BYTES / 1024)};
    PRAGMA journal_size_limit = ${STORE_LOG_BYTES};
  `);
}

/** Notes how keys are put into slots, unless workers of another way would wait in slots where nobody looks for them. */
function settlePlacement(
  database: DatabaseSync,
  { directory, placement }: { directory: string; placement: string },
): void {
  const found = database.prepare("SELECT value FROM meta WHERE name = 'placement'").get()?.value ?? "";
  if (found === placement) return;
  if (database.prepare("SELECT 1 FROM worker_state WHERE pending IS NOT NULL LIMIT 1").get()) {
    const named = (text: unknown) => text === "" ? "no affinity" : `the affinity ${text}`;
    throw new StoreError(
      `store: ${directory} has workers with something left to do, placed with ${named(found)}, not with ` +
        `${
          named(placement)
        }; drain it once with the former (with contract.dismissOnDrain, where workers say good-bye), or use ` +
        "another data directory",
      { code: "STORE_MISMATCH", fields: { directory, found, wanted: placement } },
    );
  }
  database.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('placement', ?)").run(placement);
}

/** Whether the store was made for this blueprint and this number of slots. */
function checkMeta(
  meta: Readonly<Record<string, string>>,
  { directory, name, slots }: { directory: string; name: string | undefined; slots: number },
): void {
  const refuse = (found: string, wanted: string) => {
    throw new StoreError(
      `store: ${directory} was made for ${found}, not for ${wanted}; use another data directory`,
      { code: "STORE_MISMATCH", fields: { directory, found, wanted } },
    );
  };
  if (name !== undefined && meta.blueprint !== name) {
    refuse(`blueprint ${meta.blueprint}`, `blueprint ${name}`);
  }
  if (meta.slots !== String(slots)) refuse(`${meta.slots} slots`, `${slots} slots`);
}
