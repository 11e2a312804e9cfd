/**
 * An open workshop: its staff, and what passes between them.
 *
 * @module
 */

import { type Blueprint, materialCodec, productCodecs } from "../blueprint/mod.ts";
import { type Clock, ClosedError, StoreError } from "../core/mod.ts";
import { LineReceiver, type Port, type StirMessage } from "../line/mod.ts";
import { Histogram, HotKeys, type WorkshopFigures } from "../metrics/mod.ts";
import { StateReader } from "../store/mod.ts";
import type { WorkshopConfig } from "./config.ts";
import { Contexts } from "./contexts.ts";
import { Conveyor } from "./conveyor.ts";
import { Deputy } from "./deputy.ts";
import { Director } from "./director.ts";
import { materialJob } from "./job.ts";
import { Ledger, type Remembered } from "./ledger.ts";
import { Personnel } from "./personnel.ts";
import { Records } from "./records.ts";
import { receiveWorkers, sendWorkers } from "./removal.ts";
import { Supervisor } from "./supervisor.ts";
import { Unfinished } from "./unfinished.ts";
import type { KeyedWorker } from "./worker.ts";

/** What a hall is made with. */
export interface HallOptions {
  readonly config: WorkshopConfig;
  readonly line: Port;
  readonly conveyor: Port;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Dismissals between two turns of the event loop when everybody has to go. */
const FAREWELLS = 1_000;

/** Puts the staff to work, and sends it home. */
export class Hall {
  readonly config: WorkshopConfig;
  readonly personnel: Personnel;
  readonly ledger: Ledger | undefined;
  /** While it rests: the epoch behind which it does. */
  restsBehind: number | undefined;
  readonly #clock: Clock;
  readonly #records: Records;
  readonly #closing = new AbortController();
  /** Channels by which workers have moved: closed when all have. */
  readonly #removals: Port[] = [];
  readonly #farewells: boolean;
  #slots: readonly number[];
  /** Workers of an earlier time that owe a good-bye and haven't been taken up yet. */
  #owing: Generator<Remembered[]> | undefined;
  readonly #reader: StateReader | undefined;
  readonly #latency = new Histogram();
  readonly #hotKeys = new HotKeys();
  readonly #conveyor: Conveyor;
  readonly #contexts: Contexts;
  readonly #supervisor: Supervisor;
  readonly #deputy: Deputy;
  readonly #director: Director;
  readonly #line: LineReceiver;

  constructor(blueprint: Blueprint, { config, line, conveyor, clock, random }: HallOptions) {
    const definition = blueprint.workshop;
    const contexts = this.#contexts = new Contexts(blueprint, { settings: config.settings, clock, random });
    this.config = config;
    this.#clock = clock;
    this.#slots = config.slots;
    this.#farewells = definition.dismiss !== undefined;
    this.#records = new Records(definition);
    this.personnel = new Personnel({
      definition,
      context: contexts.general,
      clock,
      placement: blueprint.affinity,
      onRing: (worker, name) => this.#deputy.ring(worker, name),
      onDismissed: (worker, reason) => this.#deputy.dismiss(worker, reason),
      onRestored: (worker, jobs) => this.#deputy.restore(worker, jobs),
    });
    const { contracts, roster } = this.personnel;
    if (config.data !== undefined) {
      const reader = this.#reader = new StateReader(config.data);
      const epoch = config.committed + 1;
      this.ledger = new Ledger({ definition, contracts, reader, records: this.#records, epoch });
    }
    const unfinished = this.ledger ? undefined : new Unfinished();
    const books = { clock, ledger: this.ledger, unfinished, latency: this.#latency };
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
      contexts,
      conveyor: this.#conveyor,
      supervisor: this.#supervisor,
      onRoom: () => this.#director.wake(),
      onEnded: () => this.#director.stir(),
      onDeparted: (worker) => this.ledger?.departed(worker, clock.now()),
      onLeaving: (worker, reason) => this.personnel.dismiss(worker, reason),
      onReplaced: (worker, heir) => this.personnel.replace(worker, heir),
    });
    this.#director = new Director({
      ...books,
      roster,
      contracts,
      reader: materialCodec(blueprint).reader(),
      hotKeys: this.#hotKeys,
      deputy: this.#deputy,
      conveyor: this.#conveyor,
      hire: (key, hash, item) => this.#hire(key, hash, item),
      onHalt: (epoch) => this.#rest(epoch),
      committed: config.committed,
      onStir: (behind) => line.post({ kind: "stir", behind } satisfies StirMessage),
      overtaking: blueprint.affinity !== undefined && this.ledger === undefined,
      release: (buffer) => this.#line.release(buffer),
    });
    if (config.resting) this.#rest(config.committed);
    this.#resume();
    this.#line = new LineReceiver(line, {
      batches: config.lineBatches,
      receive: (message) => this.#director.receive(message),
    });
  }

  /** Dismisses every worker, as fast as the conveyor takes what they have to ship. */
  async dismissAll(): Promise<void> {
    while (this.#takeUp());
    const { roster } = this.personnel;
    for (let index = 0; index < roster.places; index++) {
      const worker = roster.at(index);
      if (worker) this.personnel.dismiss(worker, "closing");
      while (index % FAREWELLS === 0 || this.#deputy.full) {
        await new Promise<void>((resolve) => this.#clock.soon(resolve));
        this.#closing.signal.throwIfAborted();
        if (!this.#deputy.full) break;
      }
    }
  }

  /** Sends the workers of these slots to another workshop; resolves to how many. Only while it rests. */
  handOver(slots: readonly number[], port: Port): Promise<number> {
    while (this.#takeUp());
    return sendWorkers(new Set(slots), { ...this.#removal(port), clock: this.#clock });
  }

  /** Takes in the workers that another workshop hands over; resolves to how many. Only while it rests. */
  takeOver(port: Port): Promise<number> {
    return receiveWorkers(this.#removal(port));
  }

  /** Goes on after a rest, serving these slots. */
  resume(slots: readonly number[]): void {
    this.#slots = slots;
    this.restsBehind = undefined;
    for (const port of this.#removals.splice(0)) port.close();
    this.personnel.resume();
    this.#director.wake();
  }

  figures(): Omit<WorkshopFigures, "heapBytes"> {
    return {
      id: this.config.id,
      slots: this.#slots.length,
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
      services: this.#contexts.figures(),
      hotKey: this.#hotKeys.hottest(),
    };
  }

  close(): void {
    this.#closing.abort(new ClosedError("workshop: closed"));
    for (const port of this.#removals.splice(0)) port.close();
    this.personnel.close();
    this.#director.close();
    this.#deputy.close();
    this.#supervisor.close();
    this.#contexts.close();
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

  #rest(epoch: number): void {
    this.restsBehind = epoch;
    this.personnel.halt();
  }

  #removal(port: Port) {
    this.#removals.push(port);
    const { personnel } = this;
    return { personnel, records: this.#records, port, signal: this.#closing.signal };
  }

  /**
   * Workers that had something to do when the run before ended go on with it. Those that only owe a good-bye are
   * taken up page by page, while items are served already.
   */
  #resume(): void {
    for (const { key, hash, memory } of this.ledger?.unfinished(this.#slots) ?? []) {
      this.personnel.rehire(key, hash, { memory });
    }
    if (!this.#farewells) return;
    this.#owing = this.ledger?.owing(this.#slots);
    const next = () => {
      if (!this.#closing.signal.aborted && this.#takeUp()) this.#clock.soon(next);
    };
    this.#clock.soon(next);
  }

  /** Takes up a page of those who owe a good-bye. False when there are no more. */
  #takeUp(): boolean {
    const page = this.#owing?.next();
    if (page === undefined || page.done) return false;
    for (const { key, hash, memory } of page.value) {
      if (this.personnel.roster.get(key, hash) === undefined) this.personnel.rehire(key, hash, { memory });
    }
    return true;
  }
}
