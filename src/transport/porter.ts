/**
 * The porter: takes product batches off the conveyors and puts them into the warehouse, for as long as there is
 * room.
 *
 * @module
 */

import { SPARE_BUFFERS, WAREHOUSE_BYTES } from "../core/limits.ts";
import { type BarrierMessage, type Forward, LineReceiver, type Port } from "../line/mod.ts";
import type { Load, Warehouse } from "./warehouse.ts";

/** What a porter is made with. */
export interface PorterOptions {
  /** One for each workshop. */
  readonly conveyors: readonly Port[];
  /** Batches granted to each. */
  readonly batches: number;
  readonly warehouse: Warehouse;
  readonly onLoad: (load: Load) => void;
  readonly onBarrier: (workshop: number, barrier: BarrierMessage) => void;
}

/**
 * Grants a conveyor credit while its share of the warehouse has room, and owes it while it has none.
 *
 * Each workshop has a share of its own: a fast one, far into the next epoch, must never fill the warehouse against
 * a slow one on which the commit of this epoch waits.
 */
export class Porter {
  readonly #receivers: LineReceiver[];
  readonly #options: PorterOptions;
  readonly #shareBytes: number;
  readonly #heldBytes: number[];
  readonly #owed: number[];
  readonly #spares: ArrayBuffer[] = [];

  constructor(options: PorterOptions) {
    this.#options = options;
    const { length } = options.conveyors;
    this.#shareBytes = WAREHOUSE_BYTES / length;
    this.#heldBytes = new Array(length).fill(0);
    this.#owed = new Array(length).fill(0);
    this.#receivers = options.conveyors.map((port, workshop) =>
      new LineReceiver(port, {
        batches: options.batches,
        receive: (message) => this.#receive(workshop, message),
      })
    );
  }

  /** The load has left the warehouse: its buffer goes back with the next credit. */
  recycle(load: Load): void {
    const { workshop, buffer } = load;
    this.#heldBytes[workshop] -= buffer.byteLength;
    if (this.#spares.length < SPARE_BUFFERS) this.#spares.push(buffer);
    while (this.#owed[workshop] > 0 && this.#heldBytes[workshop] < this.#shareBytes) {
      this.#owed[workshop]--;
      this.#receivers[workshop].release(this.#spares.pop());
    }
  }

  close(): void {
    for (const receiver of this.#receivers) receiver.close();
  }

  #receive(workshop: number, message: Forward): void {
    const { warehouse, onLoad, onBarrier } = this.#options;
    if (message.kind === "barrier") return onBarrier(workshop, message);
    const { type, sequence, epoch, rows, at, buffer } = message;
    const load: Load = { type, workshop, sequence, epoch, rows, at, buffer };
    warehouse.put(load);
    this.#heldBytes[workshop] += buffer.byteLength;
    if (this.#heldBytes[workshop] >= this.#shareBytes) this.#owed[workshop]++;
    else this.#receivers[workshop].release(this.#spares.pop());
    onLoad(load);
  }
}
