/**
 * Products into PostgreSQL.
 *
 * @module
 */

import { messageOf, SinkError } from "../core/mod.ts";
import { PostgresConnection, type PostgresSettings, type Transaction } from "./postgres_connection.ts";
import { PostgresEpochs } from "./postgres_epochs.ts";
import { PostgresTable, quoted } from "./postgres_table.ts";
import type { Delivery, SinkCall, SinkContext, SinkWriter } from "./sink.ts";

/** What a writer is made with. */
export interface PostgresWriterOptions {
  /** For messages. */
  readonly name: string;
  readonly settings: PostgresSettings;
  readonly schema: string;
  /** The only type's table; otherwise each has one of its own. */
  readonly table: string | undefined;
  readonly timeoutMs: number;
  readonly context: SinkContext;
}

/** Of the advisory lock under which tables are made: two who make the same at once would stumble. */
const LOCK = "4861320112";

/** SQLSTATE classes of values that will never fit: data exceptions, and violated constraints. */
const HOPELESS = /^2[23]/;

/** Writes into one table for each product type, with what it remembers of the factory in the same transaction. */
export class PostgresWriter implements SinkWriter {
  readonly #options: PostgresWriterOptions;
  readonly #connection: PostgresConnection;
  readonly #tables: ReadonlyMap<string, PostgresTable>;
  /** Only where there is an outbox. */
  readonly #epochs: PostgresEpochs | undefined;
  #last = 0;

  /** @throws {SinkError} `fields.final` when the database isn't what it must be */
  static async open(options: PostgresWriterOptions): Promise<PostgresWriter> {
    const writer = new PostgresWriter(options);
    try {
      await writer.#open();
      return writer;
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  private constructor(options: PostgresWriterOptions) {
    this.#options = options;
    const { name, settings, schema, table, timeoutMs, context: { products, store } } = options;
    this.#connection = new PostgresConnection(settings, { timeoutMs });
    try {
      this.#tables = new Map([...products].map(([type, codec]) => [
        type,
        new PostgresTable(codec, { schema, table: table ?? `product_${type}` }),
      ]));
    } catch (cause) {
      throw failed(name, cause);
    }
    const types = [...products.keys()];
    this.#epochs = store && new PostgresEpochs({ schema, factory: store.outbox.id, types });
  }

  async write(delivery: Delivery, call?: SinkCall): Promise<void> {
    await this.#transaction((transaction) => this.#insert(transaction, delivery), call);
  }

  async deliver(epoch: number, deliveries: Iterable<Delivery>, call?: SinkCall): Promise<void> {
    await this.#transaction(async (transaction) => {
      const epochs = await this.#epochs!.lock(transaction);
      for (const delivery of deliveries) {
        if (epochs.get(delivery.type)! < epoch) await this.#insert(transaction, delivery);
      }
      await this.#epochs!.advance(transaction, epoch);
    }, call);
  }

  lastEpoch(): number {
    return this.#last;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #open(): Promise<void> {
    const { schema, context } = this.#options;
    const { signal } = context;
    await this.#transaction(async (transaction) => {
      await transaction.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
      const [{ there }] = await transaction.query(
        "SELECT to_regnamespace($1) IS NOT NULL AS there",
        quoted(schema),
      );
      if (!there) await transaction.query(`CREATE SCHEMA ${quoted(schema)}`);
      for (const table of this.#tables.values()) await table.ensure(transaction);
      if (this.#epochs) {
        await this.#epochs.ensure(transaction);
        const epochs = [...(await this.#epochs.take(transaction)).values()];
        this.#checkEpochs(Math.max(...epochs));
        this.#last = Math.min(...epochs);
      }
    }, { signal });
  }

  /** Epochs that PostgreSQL has and the store hasn't were committed by another future of this factory. */
  #checkEpochs(found: number): void {
    const { epoch } = this.#options.context.store!.committed();
    if (found <= epoch) return;
    throw new SinkError(
      `it has epochs of this factory up to ${found}, while the data directory has them up to ${epoch}: it is an old ` +
        "copy, and to go on from it would deliver products twice. Use the newest one, or an empty one",
      { fields: { final: true, found, committed: epoch } },
    );
  }

  async #insert(transaction: Transaction, delivery: Delivery): Promise<void> {
    const table = this.#tables.get(delivery.type);
    if (table) return await table.insert(transaction, delivery);
    throw new SinkError(`it isn't open for products ${delivery.type}`, { fields: { final: true } });
  }

  async #transaction(work: (transaction: Transaction) => Promise<void>, call?: SinkCall): Promise<void> {
    try {
      await this.#connection.transaction(work, call);
    } catch (cause) {
      throw failed(this.#options.name, cause);
    }
  }
}

/** What went wrong as the sink's error. */
function failed(name: string, cause: unknown): SinkError {
  const { code, name: kind } = cause as { code?: string; name?: string };
  const state = kind === "PostgresError" ? code : undefined;
  const said = messageOf(cause) || code; // some errors of the network have no other text
  return new SinkError(`sink ${name}: ${said}${state === undefined ? "" : ` (SQLSTATE ${state})`}`, {
    fields: {
      ...(cause instanceof SinkError ? cause.fields : {}),
      ...(state === undefined ? {} : { sqlState: state }),
      ...(state !== undefined && HOPELESS.test(state) ? { final: true } : {}),
    },
    cause,
  });
}
