/**
 * A sink into PostgreSQL.
 *
 * @module
 */

import { OptionsError, SinkError } from "../core/mod.ts";
import { SINK_MS } from "../core/limits.ts";
import { patienceOf } from "./patience.ts";
import type { PostgresSettings } from "./postgres_connection.ts";
import { PostgresWriter } from "./postgres_writer.ts";
import type { Sink, SinkPatience } from "./sink.ts";

/** What {@link postgres} takes. */
export interface PostgresOptions extends PostgresSettings, SinkPatience {
  /** The table; for one product type only. Default: `product_<type>`, one for each type. */
  readonly table?: string;
  /** The schema of the tables, made if it isn't there. Default `public`. */
  readonly schema?: string;
}

/**
 * Writes products into PostgreSQL: a table for each product type with a column for each field, and `_key`, `_epoch`
 * and `_at` (when it was shipped). Tables are made, or checked, when the factory opens.
 *
 * Exactly once, with a data directory: products are committed there with the source's offsets, and follow from there
 * into PostgreSQL, an epoch at a time, each in one transaction with its number (in the table `shopfloor_epochs`).
 * While PostgreSQL is away the factory goes on, until 256 MiB wait for it. Without a data directory: at least once.
 *
 * Integers are `bigint`, other numbers `double precision`, dates `timestamptz`, texts `text`, everything else
 * `jsonb`. Missing fields and null are NULL. PostgreSQL's texts have no NUL: U+FFFD stands for it.
 *
 * @throws {OptionsError} when an option isn't what it must be
 *
 * @example
 * ```ts
 * import { postgres } from "@shopfloor/shopfloor";
 * import assert from "node:assert/strict";
 *
 * const sink = postgres({ url: "postgres://shop:secret@db.example/floor", table: "alarms" });
 * assert.equal(sink.name, "postgres db.example/floor alarms");
 * ```
 */
export function postgres(options: PostgresOptions = {}): Sink {
  const { table, schema = "public", timeoutMs: _timeoutMs, patienceMs: _patienceMs, ...settings } = options;
  for (const [option, value] of Object.entries({ table, schema, url: settings.url })) {
    if (value === undefined || (typeof value === "string" && value !== "")) continue;
    throw new OptionsError(`postgres: ${option} must be a text, found ${JSON.stringify(value)}`, {
      fields: { option },
    });
  }
  const patience = patienceOf(options, "postgres");
  const name = ["postgres", placeOf(settings), table].filter((part) => part !== undefined && part !== "")
    .join(" ");
  return {
    name,
    guarantee: "exactly-once",
    ...patience,
    open(context) {
      if (table !== undefined && context.products.size > 1) {
        const types = [...context.products.keys()].join(", ");
        throw new SinkError(
          `sink ${name}: one table can't take the products ${types}; give each a postgres({ table }) of its own`,
          { fields: { final: true } },
        );
      }
      return PostgresWriter.open({
        name,
        settings,
        schema,
        table,
        timeoutMs: patience.timeoutMs ?? SINK_MS,
        context,
      });
    },
  };
}

/** For people: the host and the database, and nothing that might be part of a password. */
function placeOf({ url, host, database }: PostgresSettings): string {
  if (url === undefined) return [host, database].filter((part) => part !== undefined).join("/");
  if (!/^[a-z]+:\/\//i.test(url)) {
    throw new OptionsError("postgres: url must be like postgres://user:password@host:port/database", {
      fields: { option: "url" },
    });
  }
  const [, place = ""] = /^[^:]+:\/\/(?:[^/?#@]*@)?([^/?#@]*(?:\/[^?#@]*)?)(?:[?#][^@]*)?$/.exec(url) ?? [];
  return place;
}
