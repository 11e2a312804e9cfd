/**
 * An open workshop: its staff, and what passes between them.
 *
 * @module
 */

import { type Blueprint, type Context, materialCodec, productCodecs } from "../blueprint/mod.ts";
import { type Clock, StoreError } from "../core/mod.ts";
import { LineReceiver, type Port } from "../line/mod.ts";
import { Histogram, type WorkshopFigures } from "../metrics/mod.ts";
import { StateReader } from "../store/mod.ts";
import { Conveyor } from "./conveyor.ts";
import type { WorkshopConfig } from "./department.ts";
import { Deputy } from "./deputy.ts";
import { Director } from "./director.ts";
import { materialJob } from "./job.ts";
import { Ledger } from "./ledger.ts";
import { Personnel } from "./personnel.ts";
import { Supervisor } from "./supervisor.ts";
import type { KeyedWorker } from "./worker.ts";

/** What a hall is made with. */
export interface HallOptions {
  readonly config: WorkshopConfig;
  readonly line: Port;
  readonly conveyor: Port;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Puts the staff to work, and sends it home. */
export class Hall {
  readonly config: WorkshopConfig;
  readonly personnel: Personnel;
  readonly ledger: Ledger | undefined;
  readonly #reader: StateReader | undefined;
  readonly #latency = new Histogram();
  readonly #conveyor: Conveyor;
  readonly #supervisor: Supervisor;
  readonly #deputy: Deputy;
  readonly #director: Director;
  readonly #line: LineReceiver;

  constructor(blueprint: Blueprint, { config, line, conveyor, clock, random }: HallOptions) {
    const definition = blueprint.workshop;
    const context: Context = { settings: config.settings };
    this.config = config;
    this.personnel = new Personnel({
      definition,
      context,
      clock,
      onRing: (worker, name) => this.#deputy.ring(worker, name),
      onDismissed: (worker, reason) => this.#deputy.dismiss(worker, reason),
      onRestored: (worker, jobs) => this.#deputy.restore(worker, jobs),
    });
    const { contracts, roster } = this.personnel;
    if (config.data !== undefined) {
      const reader = this.#reader = new StateReader(config.data);
      this.ledger = new Ledger({ definition, contracts, reader, epoch: config.committed + 1 });
    }
    const books = { clock, ledger: this.ledger, latency: this.#latency };
    this.#conveyor = new Conveyor({
      ...config,
      clock,
      port: conveyor,
      codecs: productCodecs(blueprint),
      onRoom: () => {
        this.#deputy.resume();
        this.#director.wake();
      },
    });
    this.#supervisor = new Supervisor({ turn: definition.turn ?? {}, clock, random });
    this.#deputy = new Deputy({
      ...books,
      definition,
      context,
      conveyor: this.#conveyor,
      supervisor: this.#supervisor,
      onRoom: () => this.#director.wake(),
      onDeparted: (worker) => this.ledger?.departed(worker, clock.now()),
      onLeaving: (worker, reason) => this.personnel.dismiss(worker, reason),
      onReplaced: (worker, heir) => this.personnel.replace(worker, heir),
    });
    this.#director = new Director({
      ...books,
      roster,
      contracts,
      reader: materialCodec(blueprint).reader(),
      deputy: this.#deputy,
      conveyor: this.#conveyor,
      hire: (key, hash, item) => this.#hire(key, hash, item),
      release: (buffer) => this.#line.release(buffer),
    });
    this.#resume();
    this.#line = new LineReceiver(line, {
      batches: config.lineBatches,
      receive: (message) => this.#director.receive(message),
    });
  }

  figures(): Omit<WorkshopFigures, "heapBytes"> {
    return {
      id: this.config.id,
      slots: this.config.slots.length,
      workers: this.personnel.roster.size,
      hired: this.personnel.hired,
      dismissed: { ...this.personnel.dismissed },
      materials: this.#director.materials,
      products: this.#conveyor.products,
      retries: this.#supervisor.retries,
      deadLetters: { ...this.#supervisor.deadLetters },
      belted: this.#deputy.pending - this.#deputy.inFlight,
      inFlight: this.#deputy.inFlight,
      busyMs: this.#director.busyMs,
      turns: this.#deputy.turns.snapshot(),
      latency: this.#latency.snapshot(),
      conveyor: this.#conveyor.figures(),
    };
  }

  close(): void {
    this.personnel.close();
    this.#director.close();
    this.#deputy.close();
    this.#supervisor.close();
    this.#line.close();
    this.#conveyor.close();
    this.#reader?.close();
  }

  /** A worker whose `hire` fails is nobody: the item is a dead letter. */
  #hire(
    key: string,
    hash: number,
    { read, at }: { read: () => unknown; at: number },
  ): KeyedWorker | "full" | undefined {
    try {
      const hired = this.personnel.hire(key, hash, this.ledger);
      this.#deputy.crowded = hired === "full";
      return hired;
    } catch (error) {
      if (error instanceof StoreError) throw error; // no fault of the item's
      const letter = this.#supervisor.letter(materialJob(read(), at, 0), { reason: "hire", error });
      this.#conveyor.deadLetter(letter, key, hash);
    }
  }

  /** Workers that had something to do when the run before ended go on with it. */
  #resume(): void {
    for (const { key, hash, memory } of this.ledger?.unfinished(this.config.slots) ?? []) {
      this.personnel.rehire(key, hash, memory);
    }
  }
}
