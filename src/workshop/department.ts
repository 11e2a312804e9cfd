/**
 * A workshop: one Web Worker with a line in, a conveyor out, and the workers of its slots.
 *
 * @module
 */

import { compileCodec } from "../batch/mod.ts";
import type { Blueprint, Context, DismissReason } from "../blueprint/mod.ts";
import { type Clock, ClosedError, hashKey, type Settings } from "../core/mod.ts";
import { ROSTER_WORKERS } from "../core/limits.ts";
import { LineReceiver, type Port } from "../line/mod.ts";
import { Histogram, type WorkshopFigures } from "../metrics/mod.ts";
import { StateReader } from "../store/mod.ts";
import { Assistant } from "./assistant.ts";
import { Contracts } from "./contract.ts";
import { Conveyor } from "./conveyor.ts";
import { Deputy } from "./deputy.ts";
import { Director } from "./director.ts";
import { materialJob } from "./job.ts";
import { Ledger, type Memory } from "./ledger.ts";
import { type RosterPage, rosterPage, type RosterQuery, type WorkerReport, workerReport } from "./report.ts";
import { Roster } from "./roster.ts";
import { Supervisor } from "./supervisor.ts";
import { type Floor, KeyedWorker } from "./worker.ts";

/** What a workshop is opened with: plain data. */
export interface WorkshopConfig {
  readonly id: number;
  /** Slots that it serves. */
  readonly slots: readonly number[];
  readonly settings: Settings;
  readonly lineBatches: number;
  readonly lingerMs: number;
  readonly batchBytes: number;
  /** Directory of the store, if the factory is durable. */
  readonly data: string | undefined;
  /** The last committed epoch. */
  readonly committed: number;
}

/** The department's control interface. */
export class WorkshopDepartment {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #heapBytes: () => number;
  #open: Hall | undefined;

  constructor({ clock, random, heapBytes }: {
    clock: Clock;
    /** 0 to 1, for the jitter of retries. */
    random: () => number;
    heapBytes: () => number;
  }) {
    this.#clock = clock;
    this.#random = random;
    this.#heapBytes = heapBytes;
  }

  /** Takes up what an earlier run left unfinished, takes its place at the line and begins. */
  open(blueprint: Blueprint, { config, line, conveyor }: {
    config: WorkshopConfig;
    line: Port;
    conveyor: Port;
  }): void {
    this.#open = new Hall(blueprint, {
      config,
      line,
      conveyor,
      clock: this.#clock,
      random: this.#random,
    });
  }

  figures(): WorkshopFigures {
    return { ...this.#hall().figures(), heapBytes: this.#heapBytes() };
  }

  /** A page of the roster; `cursor` is a place on it. */
  workers(query: RosterQuery): RosterPage {
    const { roster, contracts, config } = this.#hall();
    return rosterPage({ roster, contracts, workshop: config.id }, query);
  }

  /** The worker of a key with its state, or undefined. */
  worker(key: string): WorkerReport | undefined {
    const { roster, contracts, config } = this.#hall();
    const worker = roster.get(key, hashKey(key));
    return worker && workerReport(worker, { contracts, workshop: config.id, withState: true });
  }

  /** Dismisses a worker as soon as its belt is empty. False if it isn't hired. */
  dismiss(key: string): boolean {
    return this.#hall().ask(key);
  }

  /** The store has everything up to `epoch`. */
  committed(epoch: number): void {
    this.#open?.ledger?.committed(epoch);
  }

  close(): void {
    this.#open?.close();
    this.#open = undefined;
  }

  #hall(): Hall {
    if (this.#open) return this.#open;
    throw new ClosedError("workshop: not open");
  }
}

/** An open workshop: its staff, and what passes between them. */
class Hall {
  readonly config: WorkshopConfig;
  readonly roster: Roster = new Roster();
  readonly contracts: Contracts;
  readonly ledger: Ledger | undefined;
  readonly #reader: StateReader | undefined;
  readonly #clock: Clock;
  readonly #context: Context;
  readonly #definition: Blueprint["workshop"];
  readonly #floor: Floor;
  readonly #latency = new Histogram();
  readonly #conveyor: Conveyor;
  readonly #supervisor: Supervisor;
  readonly #deputy: Deputy;
  readonly #assistant: Assistant;
  readonly #director: Director;
  readonly #line: LineReceiver;
  readonly #dismissed: Record<string, number> = {};
  #hired = 0;

  constructor(blueprint: Blueprint, { config, line, conveyor, clock, random }: {
    config: WorkshopConfig;
    line: Port;
    conveyor: Port;
    clock: Clock;
    random: () => number;
  }) {
    const definition = blueprint.workshop;
    this.config = config;
    this.#clock = clock;
    this.#definition = definition;
    this.#context = { settings: config.settings };
    this.#floor = { clock, ring: (key, hash, name) => this.#ring(key, hash, name) };
    this.contracts = new Contracts(definition.contract ?? {}, clock.now());
    const codecs = new Map(
      Object.entries(blueprint.products).map((
        [type, schema],
      ) => [type, compileCodec(schema, { what: `product ${type}` })]),
    );
    if (config.data !== undefined) {
      this.#reader = new StateReader(config.data);
      const { contracts } = this;
      const epoch = config.committed + 1;
      this.ledger = new Ledger({ definition, contracts, reader: this.#reader, epoch });
    }
    const onRoom = () => this.#director.wake();
    this.#conveyor = new Conveyor({
      ...config,
      port: conveyor,
      clock,
      codecs,
      onRoom: () => {
        this.#deputy.resume();
        onRoom();
      },
    });
    this.#supervisor = new Supervisor({ turn: definition.turn ?? {}, clock, random });
    this.#deputy = new Deputy({
      definition,
      context: this.#context,
      conveyor: this.#conveyor,
      supervisor: this.#supervisor,
      clock,
      ledger: this.ledger,
      latency: this.#latency,
      onRoom,
      onDeparted: (worker) => this.ledger?.departed(worker, clock.now()),
      onLeaving: (worker, reason) => this.#dismiss(worker, reason),
      onReplaced: (worker, heir) => {
        if (worker.index >= 0) this.roster.replace(worker, heir);
      },
    });
    this.#assistant = new Assistant({
      roster: this.roster,
      contracts: this.contracts,
      clock,
      maxWorkers: definition.contract?.maxWorkers ?? ROSTER_WORKERS,
      dismiss: (worker, reason) => this.#dismiss(worker, reason),
    });
    this.#director = new Director({
      reader: compileCodec(blueprint.material, { what: "material" }).reader(),
      roster: this.roster,
      contracts: this.contracts,
      deputy: this.#deputy,
      conveyor: this.#conveyor,
      clock,
      ledger: this.ledger,
      latency: this.#latency,
      hire: (key, hash, item) => this.#hire(key, hash, item),
      release: (buffer) => this.#line.release(buffer),
    });
    this.#assistant.start();
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
      workers: this.roster.size,
      hired: this.#hired,
      dismissed: { ...this.#dismissed },
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

  /** Somebody wants this worker dismissed. */
  ask(key: string): boolean {
    const worker = this.roster.get(key, hashKey(key));
    if (worker === undefined) return false;
    if (worker.waiting === 0) this.#dismiss(worker, "asked");
    else worker.leaving = "asked";
    return true;
  }

  close(): void {
    this.#assistant.close();
    this.#director.close();
    this.#deputy.close();
    this.#supervisor.close();
    for (let index = 0; index < this.roster.places; index++) this.roster.at(index)?.rest();
    this.#line.close();
    this.#conveyor.close();
    this.#reader?.close();
  }

  #hire(
    key: string,
    hash: number,
    { read, at }: { read: () => unknown; at: number },
  ): KeyedWorker | "full" | undefined {
    if (!this.#assistant.makeRoom()) return "full";
    const memory = this.ledger?.recall(key);
    if (memory) return this.#rehire(key, hash, memory);
    let state: unknown;
    try {
      state = this.#definition.hire(key, this.#context);
    } catch (error) {
      const letter = this.#supervisor.letter(materialJob(read(), at, 0), { reason: "hire", error });
      this.#conveyor.deadLetter(letter, key, hash);
      return undefined;
    }
    return this.#enroll(new KeyedWorker({ key, hash, state, floor: this.#floor }));
  }

  #enroll(worker: KeyedWorker): KeyedWorker {
    this.contracts.sign(this.roster.add(worker), this.#clock.now());
    this.#hired++;
    return worker;
  }

  /** Someone who has been here before, with the state and the duties of then. */
  #rehire(key: string, hash: number, { state, hiredAt, processed, pending }: Memory): KeyedWorker {
    const worker = this.#enroll(new KeyedWorker({ key, hash, state, floor: this.#floor, hiredAt }));
    worker.processed = processed;
    for (const [name, at] of pending?.timers ?? []) worker.after(Math.max(0, at - this.#clock.now()), name);
    this.#deputy.restore(
      worker,
      (pending?.jobs ?? []).map((job) => ({ ...job, running: false, before: undefined })),
    );
    return worker;
  }

  /** Workers that had something to do when the run before ended go on with it. */
  #resume(): void {
    if (!this.ledger) return;
    for (const { key, hash, memory } of this.ledger.unfinished(this.config.slots)) {
      this.#rehire(key, hash, memory);
    }
  }

  #ring(key: string, hash: number, name: string): void {
    const worker = this.roster.get(key, hash);
    if (worker === undefined) return;
    worker.rang(name);
    this.#deputy.ring(worker, name);
  }

  /** Takes the worker off the roster first: whatever arrives from now on goes to a fresh hire. */
  #dismiss(worker: KeyedWorker, reason: DismissReason): void {
    worker.leaving = undefined;
    this.contracts.end(worker.index);
    this.roster.remove(worker);
    worker.rest();
    this.#dismissed[reason] = (this.#dismissed[reason] ?? 0) + 1;
    this.#deputy.dismiss(worker, reason);
  }
}
