/**
 * A connection to PostgreSQL.
 *
 * @module
 */

import type { Sql } from "postgres";
import { ClosedError } from "../core/mod.ts";
import type { SinkCall } from "./sink.ts";

/** Where the server is, and who we are. */
export interface PostgresSettings {
  /** `postgres://user:password@host:port/database?sslmode=require`; the other settings take its place. */
  readonly url?: string;
  /** A name, an address, or the directory of a Unix socket. Default: `PGHOST`, else `localhost`. */
  readonly host?: string;
  /** Default: `PGPORT`, else 5432. */
  readonly port?: number;
  /** Default: `PGDATABASE`, else the user's name. */
  readonly database?: string;
  /** Default: `PGUSER`, else that of the operating system. */
  readonly user?: string;
  /** Default: `PGPASSWORD`. */
  readonly password?: string;
  /** As libpq's sslmode; `true` is `verify-full`. Default: none. */
  readonly ssl?: boolean | "require" | "allow" | "prefer" | "verify-full";
}

/** Statements in one transaction. */
export interface Transaction {
  /** Runs a statement with its parameters, `$1` and so on, each a text as PostgreSQL reads it. */
  query(statement: string, ...parameters: string[]): Promise<Record<string, unknown>[]>;
}

const LONGEST_CONNECT_MS = 10_000;

/** One connection at a time, made when it is needed, and made anew after every trouble with it. */
export class PostgresConnection {
  readonly #settings: PostgresSettings;
  readonly #timeoutMs: number;
  #sql: Sql | undefined;
  #closed = false;

  /** @param options.timeoutMs how long one statement may take, and the silence between two of them */
  constructor(settings: PostgresSettings, { timeoutMs }: { timeoutMs: number }) {
    this.#settings = settings;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Runs `work` in a transaction. When the call's signal aborts, the connection is cut, and the server rolls back.
   * Whether a transaction was committed whose connection broke during the commit, nobody knows.
   */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>, call?: SinkCall): Promise<T> {
    const sql = this.#sql ??= await this.#connect();
    const over = Promise.withResolvers<never>();
    const cut = () => {
      over.reject(call?.signal.reason ?? new ClosedError("the sink is closed"));
      void this.#drop(sql);
    };
    call?.signal.addEventListener("abort", cut);
    try {
      if (call?.signal.aborted || this.#closed) cut();
      // Raced, because a transaction whose server stands still doesn't end with its connection.
      return await Promise.race([over.promise, this.#run(sql, work)]);
    } catch (error) {
      if ((error as Error)?.name !== "PostgresError") void this.#drop(sql);
      throw error;
    } finally {
      call?.signal.removeEventListener("abort", cut);
    }
  }

  /** Cuts the connection. May be called more than once. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#sql) await this.#drop(this.#sql);
  }

  async #run<T>(sql: Sql, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return await sql.begin(async (begun) => {
      const query: Transaction["query"] = async (
        statement,
        ...parameters
      ) => [...await begun.unsafe(statement, parameters)];
      await query(
        "SELECT set_config('statement_timeout', $1, true), " +
          "set_config('idle_in_transaction_session_timeout', $1, true)",
        String(Math.ceil(this.#timeoutMs)),
      );
      return await work({ query });
    }) as T;
  }

  async #connect(): Promise<Sql> {
    const { default: postgres } = await import("postgres"); // only those who have such a sink load it
    const { url, ssl, ...rest } = this.#settings;
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const options = {
      ...given,
      ...(ssl === undefined ? {} : { ssl: ssl === true ? "verify-full" as const : ssl }),
      max: 1,
      max_lifetime: null,
      connect_timeout: Math.min(LONGEST_CONNECT_MS, this.#timeoutMs) / 1_000,
      backoff: () => 0, // whoever calls knows when to try again
      prepare: false, // connection poolers give each transaction another session
      fetch_types: false,
      onnotice: () => {},
      connection: { application_name: "shopfloor" },
    };
    return url === undefined ? postgres(options) : postgres(url, options);
  }

  async #drop(sql: Sql): Promise<void> {
    if (this.#sql === sql) this.#sql = undefined;
    await sql.end({ timeout: 0 });
  }
}
