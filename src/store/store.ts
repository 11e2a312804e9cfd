/**
 * The store of one data directory: its transaction, and what is written in it.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { ItemCodec } from "../batch/mod.ts";
import { ClosedError, StoreError } from "../core/mod.ts";
import { DeadLetters } from "./dead_letters.ts";
import type { DirectoryLock } from "./directory_lock.ts";
import { type Committed, EpochLog, type EpochRecord } from "./epoch_log.ts";
import { guarded } from "./failure.ts";
import { OUTBOX } from "./layout.ts";
import { Outbox } from "./outbox.ts";
import { productColumns } from "./product_columns.ts";
import { type ProductInserter, RowWriter } from "./product_inserter.ts";
import { checkTableName, ensureTable } from "./product_table.ts";
import { bytesOf, Room } from "./room.ts";
import { StateReader } from "./state_reader.ts";
import { UndoLog } from "./undo_log.ts";
import { type StoredState, WorkerStates } from "./worker_states.ts";

/** What a state takes in the database, as a rule. */
const STATE_BYTES = 1_024;

/** What {@link openStore} makes a store of. */
export interface StoreParts {
  readonly directory: string;
  readonly database: DatabaseSync;
  readonly lock: DirectoryLock;
  readonly products: ReadonlyMap<string, ItemCodec>;
  readonly slots: number;
  readonly durability: "exactly-once" | "none";
}

/**
 * An open data directory. Products, states, dead letters and the epoch's record that are written between
 * {@link Store.begin} and {@link Store.commit} become visible together, or not at all.
 *
 * A process that is killed loses what wasn't committed, never more. A power loss may also take the commits of the
 * last moments before it, the latest ones and each of them whole: since the sources' offsets go with them, a source
 * that can go back brings the same items again.
 */
export class Store implements Disposable {
  /** The data directory. */
  readonly directory: string;
  /** The items that no attempt could process. */
  readonly deadLetters: DeadLetters;
  readonly #database: DatabaseSync;
  readonly #lock: DirectoryLock;
  readonly #products: ReadonlyMap<string, ItemCodec>;
  readonly #slots: number;
  readonly #resumes: boolean;
  readonly #epochs: EpochLog;
  readonly #states: WorkerStates;
  readonly #undoLog: UndoLog;
  readonly #room: Room;
  #outbox: Outbox | undefined;
  /** Tables that have an inserter, in lower case, with the product type. */
  readonly #tables = new Map<string, string>();
  #begun = false;

  /** Use {@link openStore}. */
  constructor({ directory, database, lock, products, slots, durability }: StoreParts) {
    this.directory = directory;
    this.#database = database;
    this.#lock = lock;
    this.#products = products;
    this.#slots = slots;
    this.#resumes = durability === "exactly-once";
    this.#epochs = new EpochLog(database);
    this.#states = new WorkerStates(database);
    this.#undoLog = new UndoLog(database);
    this.#room = new Room(directory);
    this.deadLetters = new DeadLetters(database, directory);
  }

  /** Where the last commit left everything. Without durability there are no offsets to go on from. */
  committed(): Committed {
    const offsets = this.#run("the offsets can't be read", () => this.#resumes ? this.#epochs.offsets() : {});
    return { epoch: this.#epochs.epoch, offsets, slots: this.#slots };
  }

  /** The products that wait for sinks with transactions of their own. Made at first use, outside of transactions. */
  get outbox(): Outbox {
    return this.#outbox ??= this.#run("there can't be an outbox", () =>
      new Outbox({
        database: this.#database,
        directory: this.directory,
        claim: (bytes) => this.#room.claim(bytes),
        wrote: (workshop, id) => this.wrote(workshop, OUTBOX, { first: id, last: id }),
      }));
  }

  /** Whether a transaction is open: what is written now is committed with it. */
  get writing(): boolean {
    return this.#begun;
  }

  /**
   * Begins a transaction; does nothing when one is open already.
   *
   * @throws {StoreError} `STORE_BUSY` when another program holds the database, `STORE_FULL` when the disk has no room
   * for what has been written since (either way it can be tried again), and `STORE_ROLLED_BACK` when SQLite has given
   * the open one up, as it does when an error of the disk takes it by surprise
   */
  begin(): void {
    this.#run("can't begin a transaction", () => {
      this.#room.claim(0);
      if (!this.#begun) this.#database.exec("BEGIN IMMEDIATE");
      this.#begun = true;
    });
  }

  /**
   * Commits the transaction with the epoch's record; begins one if none is open. After a throw the transaction is
   * still open: try again, or roll back.
   */
  commit(record: EpochRecord): void {
    this.begin();
    this.#run(`epoch ${record.epoch} can't be committed`, () => {
      this.#epochs.write(this.#resumes ? record : { ...record, offsets: undefined });
      if (!this.#resumes) this.#epochs.forgetOffsets();
      this.#database.exec("COMMIT");
    });
    this.#begun = false;
    this.#undoLog.clear();
    this.#room.release();
    this.#epochs.committed();
  }

  /**
   * Takes back what has been written since {@link begin} on behalf of one workshop: products, states and dead
   * letters. What others wrote stays.
   */
  takeBack(workshop: number): void {
    if (!this.#begun) return;
    this.#run(`what workshop ${workshop} wrote can't be taken back`, () => {
      const committed = () => new StateReader(this.directory);
      this.#undoLog.undo(workshop, { states: this.#states, committed });
    });
  }

  /** Notes rows `first … last` of a table as written on behalf of a workshop, for {@link takeBack}. */
  wrote(workshop: number, table: string, range: { first: number; last: number }): void {
    if (this.#begun) this.#undoLog.rows(workshop, table, range);
  }

  /** Undoes everything since {@link begin}; does nothing when no transaction is open. */
  rollback(): void {
    if (!this.#begun) return;
    this.#begun = false;
    this.#undoLog.clear();
    this.#room.release();
    this.#run("can't roll back", () => {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    });
  }

  /**
   * Writes products of a type into `product_<type>`, or into the table given, which is made if it isn't there.
   *
   * @throws {StoreError} when the table has another product type's rows, or columns that don't fit the schema
   */
  inserter(type: string, { table = `product_${type}` }: { table?: string } = {}): ProductInserter {
    const codec = this.#products.get(type);
    if (codec === undefined) {
      throw new StoreError(`store: there is no product type ${type}`, {
        code: "STORE_TABLE",
        fields: { type },
      });
    }
    checkTableName(table);
    const columns = productColumns(codec);
    const release = this.#claim(table, type);
    try {
      const writer = this.#run(`table ${table} can't be opened`, () => {
        ensureTable(this.#database, { table, what: codec.what, columns, directory: this.directory });
        return new RowWriter(this.#database, { table, columns });
      });
      const insert: ProductInserter["insert"] = (rows) =>
        this.#run(`table ${table} can't be written`, () => {
          this.#room.claim(bytesOf(rows.products));
          const range = writer.write(rows);
          if (rows.workshop !== undefined) this.wrote(rows.workshop, table, range);
        });
      return { table, insert, close: release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Writes states of a workshop's workers, in place of those that their keys had. */
  putStates(states: readonly StoredState[], { workshop }: { workshop?: number } = {}): void {
    if (workshop !== undefined) this.#undoLog.states(workshop, states.map(({ key }) => key));
    this.#run("states can't be written", () => {
      this.#room.claim(states.length * STATE_BYTES);
      this.#states.put(states);
    });
  }

  /** The version of some stored state that isn't of this one, or undefined when all are. */
  otherStateVersion(version: number): number | undefined {
    return this.#run("states can't be read", () => this.#states.otherVersion(version));
  }

  /** Forgets the states of these keys. */
  deleteStates(keys: Iterable<string>, { workshop }: { workshop?: number } = {}): void {
    if (workshop !== undefined) this.#undoLog.states(workshop, keys);
    this.#run("states can't be deleted", () => this.#states.delete(keys));
  }

  /** Rolls back what is open and lets the directory go. May be called more than once. */
  close(): void {
    if (!this.#database.isOpen) return;
    this.#begun = false;
    try {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    } finally {
      this.#database.close();
      this.#lock.release();
    }
  }

  /** Closes it at the end of a block that began with `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Makes sure that two product types don't get into one table. */
  #claim(table: string, type: string): () => void {
    const key = table.toLowerCase();
    const other = this.#tables.get(key);
    if (other !== undefined) {
      throw new StoreError(
        `store: table ${table} can't take products ${type}: products ${other} go into it already. ` +
          `Give each product type a table of its own`,
        { code: "STORE_TABLE", fields: { table, types: [other, type] } },
      );
    }
    this.#tables.set(key, type);
    return () => void this.#tables.delete(key);
  }

  #run<T>(what: string, work: () => T): T {
    if (!this.#database.isOpen) throw new ClosedError(`store: ${this.directory}: ${what}: it is closed`);
    if (this.#begun && !this.#database.isTransaction) {
      throw new StoreError(
        `store: ${this.directory}: ${what}: SQLite has rolled the transaction back; roll back and begin anew`,
        { code: "STORE_ROLLED_BACK", fields: { directory: this.directory } },
      );
    }
    return guarded({ directory: this.directory, what }, work);
  }
}
