/**
 * The porter: takes product batches off the conveyors and puts them into the warehouse, for as long as there is
 * room.
 *
 * @module
 */

import type { Clock } from "../core/mod.ts";
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
  readonly clock: Clock;
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
  readonly #options: PorterOptions;
  readonly #spares: ArrayBuffer[] = [];
  #docks: Dock[] = [];
  #shareBytes = 0;

  constructor(options: PorterOptions) {
    this.#options = options;
    this.resize(options.conveyors.length, options.conveyors);
  }

  /** The load has left the warehouse: its buffer goes back with the next credit. */
  recycle(load: Load): void {
    const dock = this.#docks[load.workshop];
    if (this.#spares.length < SPARE_BUFFERS) this.#spares.push(load.buffer);
    if (dock?.origin !== load.origin) return; // its workshop is gone
    dock.heldBytes -= load.buffer.byteLength;
    while (dock.owed > 0 && dock.heldBytes < this.#shareBytes) {
      dock.owed--;
      dock.receiver.release(this.#spares.pop());
    }
  }

  /** Nothing more is taken from this workshop. */
  dismiss(workshop: number): void {
    this.#docks[workshop].receiver.close();
  }

  /** Another workshop takes the place of one that was dismissed, with a conveyor of its own. */
  replace(workshop: number, conveyor: Port): void {
    this.#docks[workshop] = this.#dock(workshop, conveyor);
  }

  /** There are `workshops` from now on; those that are added have these conveyors. */
  resize(workshops: number, conveyors: readonly Port[]): void {
    for (const { receiver } of this.#docks.splice(workshops)) receiver.close();
    this.#shareBytes = WAREHOUSE_BYTES / workshops;
    for (const conveyor of conveyors) this.#docks.push(this.#dock(this.#docks.length, conveyor));
  }

  close(): void {
    for (const { receiver } of this.#docks) receiver.close();
  }

  #dock(workshop: number, conveyor: Port): Dock {
    const { batches, clock } = this.#options;
    const dock: Dock = {
      workshop,
      origin: `${workshop}-${clock.now().toString(36)}`,
      heldBytes: 0,
      owed: 0,
      receiver: new LineReceiver(conveyor, { batches, receive: (message) => this.#receive(dock, message) }),
    };
    return dock;
  }

  #receive(dock: Dock, message: Forward): void {
    const { warehouse, onLoad, onBarrier } = this.#options;
    const { workshop, origin } = dock;
    if (message.kind === "barrier") return onBarrier(workshop, message);
    const { type, sequence, epoch, rows, at, buffer } = message;
    const load: Load = { type, workshop, origin, sequence, epoch, rows, at, buffer };
    warehouse.put(load);
    dock.heldBytes += buffer.byteLength;
    if (dock.heldBytes >= this.#shareBytes) dock.owed++;
    else dock.receiver.release(this.#spares.pop());
    onLoad(load);
  }
}

/** Where a conveyor ends. */
interface Dock {
  readonly workshop: number;
  readonly origin: string;
  readonly receiver: LineReceiver;
  /** Of its share of the warehouse. */
  heldBytes: number;
  /** Batches to grant as soon as there is room. */
  owed: number;
}
