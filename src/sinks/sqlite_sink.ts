/**
 * A sink into the data directory.
 *
 * @module
 */

import { messageOf, OptionsError, SinkError, StoreError } from "../core/mod.ts";
import type { ProductInserter, Store } from "../store/mod.ts";
import { patienceOf } from "./patience.ts";
import type { Sink, SinkContext, SinkPatience, SinkWriter } from "./sink.ts";

/** What {@link sqlite} takes. */
export interface SqliteOptions extends SinkPatience {
  /** The table; for one product type only. Default: `product_<type>`, one for each type. */
  readonly table?: string;
}

/**
 * Writes products into the embedded store, `shopfloor.db` in the factory's data directory: a table for each product
 * type with a column for each field, and `_key`, `_epoch` and `_at` (when it was shipped, ms since 1970).
 *
 * Exactly once: the rows are committed in one transaction with the source's offsets. Any SQLite tool can read the
 * database while the factory runs, and sees whole epochs only.
 *
 * Integers and dates (ms since 1970) are INTEGER, other numbers REAL, booleans 0 or 1, texts TEXT, everything else
 * JSON. Missing fields, null and NaN are NULL.
 *
 * @throws {OptionsError} when the table's name isn't a text
 *
 * @example
 * ```ts
 * import { sqlite } from "@shopfloor/shopfloor";
 * import assert from "node:assert/strict";
 *
 * assert.equal(sqlite({ table: "alarms" }).name, "sqlite alarms");
 * ```
 */
export function sqlite(options: SqliteOptions = {}): Sink {
  const { table } = options;
  if (table !== undefined && (typeof table !== "string" || table === "")) {
    throw new OptionsError(`sqlite: table must be a table's name, found ${JSON.stringify(table)}`, {
      fields: { option: "table" },
    });
  }
  return {
    name: table === undefined ? "sqlite" : `sqlite ${table}`,
    guarantee: "exactly-once",
    ...patienceOf(options, "sqlite"),
    open({ store, products }) {
      if (store) return open(store, { products, table });
      throw final("there is no data directory; give the factory one with `data` (`--data DIR`)");
    },
  };
}

function open(
  store: Store,
  { products, table }: { products: SinkContext["products"]; table: string | undefined },
): SinkWriter {
  if (table !== undefined && products.size > 1) {
    const types = [...products.keys()].join(", ");
    throw final(
      `one table, ${table}, can't take the products ${types}; give each a sqlite({ table }) of its own`,
    );
  }
  const inserters = new Map<string, ProductInserter>();
  const close = () => {
    for (const inserter of inserters.values()) inserter.close();
    inserters.clear();
  };
  try {
    for (const type of products.keys()) inserters.set(type, store.inserter(type, { table }));
  } catch (cause) {
    close();
    throw final(messageOf(cause), cause);
  }
  return {
    write(delivery) {
      const inserter = inserters.get(delivery.type);
      if (!inserter) throw final(`it isn't open for products ${delivery.type}`);
      try {
        inserter.insert(delivery);
      } catch (cause) {
        throw cause instanceof StoreError ? failed(cause) : cause;
      }
    },
    close,
  };
}

/** What the transaction held is gone with it, and a broken file stays broken; a full disk may get room again. */
function failed(cause: StoreError): SinkError {
  const hopeless = cause.code === "STORE_ROLLED_BACK" || cause.code === "STORE_DAMAGED";
  return hopeless ? final(cause.message, cause) : new SinkError(`sink sqlite: ${cause.message}`, { cause });
}

/** Trying again is of no use. */
function final(found: string, cause?: unknown): SinkError {
  return new SinkError(`sink sqlite: ${found}`, { fields: { final: true }, cause });
}
