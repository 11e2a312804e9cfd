/**
 * The way out of a workshop: products go into a batch for each type, and stay together until their turn ends.
 *
 * @module
 */

import {
  DEAD_LETTER,
  type DeadLetter,
  type ItemCodec,
  WORKER_STATE,
  type WorkerState,
} from "../batch/mod.ts";
import type { Ship } from "../blueprint/mod.ts";
import { type Clock, ItemError, type Timer } from "../core/mod.ts";
import { TURN_BYTES } from "../core/limits.ts";
import { type BarrierMessage, LineSender, Packer, type Port } from "../line/mod.ts";
import type { LineFigures } from "../metrics/mod.ts";
import type { KeyedWorker } from "./worker.ts";

/** A product that waits for the end of an asynchronous turn. */
export interface Shipment {
  readonly type: string;
  readonly product: unknown;
}

/** What a conveyor is made with. */
export interface ConveyorOptions {
  readonly port: Port;
  readonly clock: Clock;
  /** Codecs by product type, in the order of the types' indexes. */
  readonly codecs: ReadonlyMap<string, ItemCodec>;
  readonly batchBytes: number;
  readonly lingerMs: number;
  /** The last committed epoch. */
  readonly committed: number;
  /** Called when there is room again after {@link Conveyor.blocked}. */
  readonly onRoom: () => void;
}

type AnyShip = Ship<Record<string, unknown>>;

/**
 * Packs products. Between {@link begin} and {@link end}, {@link ship} writes for one worker's synchronous turn;
 * {@link rollback} takes the turn's products back.
 */
export class Conveyor {
  readonly #sender: LineSender;
  readonly #clock: Clock;
  readonly #codecs: readonly ItemCodec[];
  readonly #indexes = new Map<string, number>();
  readonly #packers: Packer[];
  readonly #lingerMs: number;
  readonly #onRoom: () => void;
  #linger: Timer | undefined;
  #flushedAt = -Infinity;
  #awaiting = false;
  #flushWanted = false;
  #worker: KeyedWorker | undefined;
  /**
   * Of the turn under way: the types touched, and the rows each had before; -1 for types that are not touched.
   * Counted by hand: emptying an array by its length costs V8 60 ns.
   */
  readonly #touched: Int32Array;
  readonly #marks: Int32Array;
  #touches = 0;
  #shipped = 0;
  /** Epoch that products belong to. */
  epoch: number;
  /** Products shipped by turns that ended well. */
  products = 0;
  /** No room: a full batch waits for credit. */
  blocked = false;

  constructor({ port, clock, codecs, batchBytes, lingerMs, committed, onRoom }: ConveyorOptions) {
    this.epoch = committed + 1;
    this.#sender = new LineSender(port, clock);
    this.#clock = clock;
    this.#codecs = [...codecs.values()];
    this.#lingerMs = lingerMs;
    this.#onRoom = onRoom;
    this.#packers = [...codecs.values(), DEAD_LETTER, WORKER_STATE].map((codec, type) =>
      new Packer({ writer: codec.writer(), sender: this.#sender, clock, type, batchBytes })
    );
    this.#touched = new Int32Array(codecs.size);
    this.#marks = new Int32Array(codecs.size).fill(-1);
    let index = 0;
    for (const type of codecs.keys()) this.#indexes.set(type, index++);
  }

  /** Ships for the synchronous turn under way. */
  readonly ship: AnyShip = (type, product) => {
    const worker = this.#worker;
    if (worker === undefined) throw late(type);
    const index = this.#indexOf(type);
    const codec = this.#codecs[index];
    this.#write(index, codec.refined ? codec.parse(product) : product, worker);
  };

  #write(index: number, product: unknown, worker: KeyedWorker): void {
    const packer = this.#packers[index];
    if (this.#marks[index] < 0) {
      this.#marks[index] = packer.rows;
      this.#touched[this.#touches++] = index;
    }
    packer.append(product, worker.key, worker.hash | 0); // signed, a small integer on V8
    if (this.#shipped++ > 0 && packer.bytes > TURN_BYTES) throw tooMuch(this.#codecs[index].what);
  }

  /** A synchronous turn of this worker begins. */
  begin(worker: KeyedWorker): void {
    this.#worker = worker;
  }

  /** The turn ended well: its products stay. */
  end(): void {
    this.products += this.#shipped;
    this.#shipped = 0;
    this.#worker = undefined;
    while (this.#touches > 0) {
      const index = this.#touched[--this.#touches];
      this.#marks[index] = -1;
      const packer = this.#packers[index];
      if (packer.full) this.#leave(packer);
    }
  }

  /** The turn failed: none of its products was ever shipped. */
  rollback(): void {
    this.#worker = undefined;
    this.#shipped = 0;
    while (this.#touches > 0) {
      const index = this.#touched[--this.#touches];
      this.#packers[index].truncate(this.#marks[index]);
      this.#marks[index] = -1;
    }
  }

  /** Checks and copies a product of an asynchronous turn. @throws {ItemError} */
  keep(type: string, product: unknown): Shipment {
    const codec = this.#codecs[this.#indexOf(type)];
    return { type, product: codec.refined ? codec.parse(product) : codec.pick(product) };
  }

  /** Ships what an asynchronous turn has kept. */
  shipAll(worker: KeyedWorker, shipments: readonly Shipment[]): void {
    this.begin(worker);
    try {
      for (const { type, product } of shipments) this.#write(this.#indexes.get(type)!, product, worker);
    } catch (error) {
      this.rollback();
      throw error;
    }
    this.end();
    this.linger();
  }

  /** Sends a dead letter to the store, behind the products before it. */
  deadLetter(letter: DeadLetter, key: string, hash: number): void {
    const packer = this.#packers[this.#packers.length - 2];
    packer.append(letter, key, hash);
    if (packer.full) this.#leave(packer);
    this.linger();
  }

  /** Sends a worker's state to the store. */
  workerState(state: WorkerState, key: string): void {
    const packer = this.#packers[this.#packers.length - 1];
    packer.append(state, key, state.hash);
    if (packer.full) this.#leave(packer);
  }

  /** Sends everything that waits, now or as soon as there is credit. Returns whether nothing waits any more. */
  flush(): boolean {
    let all = true;
    this.#flushedAt = this.#clock.monotonic();
    for (const packer of this.#packers) if (packer.rows > 0 && !packer.flush(this.epoch)) all = false;
    if (!all) this.#await("all");
    return all;
  }

  /**
   * What waits leaves within the linger: at once if nothing has left for that long, so that a quiet workshop ships
   * without delay and a busy one still fills its batches.
   */
  linger(): void {
    if (this.#linger !== undefined) return;
    const waitMs = this.#flushedAt + this.#lingerMs - this.#clock.monotonic();
    if (waitMs <= 0) {
      this.flush();
      return;
    }
    this.#linger = this.#clock.after(waitMs, () => {
      this.#linger = undefined;
      this.flush();
    });
  }

  /** Passes a barrier on. Everything must have been flushed. */
  barrier(
    epoch: number,
    barrier: Pick<BarrierMessage, "offsets" | "settle" | "halt" | "finished">,
  ): void {
    this.#sender.barrier(epoch, barrier);
    this.epoch = epoch + 1;
  }

  figures(): LineFigures {
    return this.#sender.figures();
  }

  close(): void {
    this.#linger?.cancel();
    this.#sender.close();
  }

  #indexOf(type: string): number {
    const index = this.#indexes.get(type);
    if (index !== undefined) return index;
    throw new ItemError(
      `ship: there is no product "${type}"; the blueprint has ${
        [...this.#indexes.keys()].join(", ") || "none"
      }`,
      { fields: { type } },
    );
  }

  /** A full batch leaves, now or as soon as there is credit. */
  #leave(packer: Packer): void {
    if (packer.flush(this.epoch)) return;
    this.blocked = true;
    this.#await("full");
  }

  /** When there is credit: what is full leaves first, then the rest if that was asked for. */
  #await(what: "all" | "full"): void {
    if (what === "all") this.#flushWanted = true;
    if (this.#awaiting) return;
    this.#awaiting = true;
    this.#sender.ready().then(() => {
      this.#awaiting = false;
      this.blocked = false;
      for (const packer of this.#packers) if (packer.full) this.#leave(packer);
      if (!this.blocked && this.#flushWanted) {
        this.#flushWanted = false;
        this.flush();
      }
      this.#onRoom();
    }, () => {}); // closing
  }
}

function late(type: string): ItemError {
  return new ItemError(`ship: "${type}" was shipped after its turn had ended`, { fields: { type } });
}

function tooMuch(what: string): ItemError {
  return new ItemError(
    `ship: one turn shipped more than ${TURN_BYTES} bytes of ${what}; split the work into several items`,
    { fields: { type: what, limit: TURN_BYTES } },
  );
}
