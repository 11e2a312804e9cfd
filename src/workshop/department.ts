/**
 * A workshop: one Web Worker with a line in, a conveyor out, and the workers of its slots.
 *
 * @module
 */

import type { Blueprint } from "../blueprint/mod.ts";
import { type Clock, ClosedError } from "../core/mod.ts";
import type { Port } from "../line/mod.ts";
import type { WorkshopFigures } from "../metrics/mod.ts";
import type { WorkshopConfig } from "./config.ts";
import { Hall } from "./hall.ts";
import { type RosterPage, rosterPage, type RosterQuery, type WorkerReport, workerReport } from "./report.ts";

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
    const { personnel: { roster, contracts }, config } = this.#hall();
    return rosterPage({ roster, contracts, workshop: config.id }, query);
  }

  /** The worker of a key with its state, or undefined. */
  worker(key: string): WorkerReport | undefined {
    const { personnel, config } = this.#hall();
    const { contracts } = personnel;
    const worker = personnel.find(key);
    return worker && workerReport(worker, { contracts, workshop: config.id, withState: true });
  }

  /** Dismisses a worker as soon as its belt is empty. False if it isn't hired. */
  dismiss(key: string): boolean {
    return this.#hall().personnel.ask(key);
  }

  /** Answers: somebody asks whether it still does. */
  ping(): void {}

  /** The epoch behind which it rests; undefined unless it does. */
  restsBehind(): number | undefined {
    return this.#hall().restsBehind;
  }

  /** Sends the workers of these slots to another workshop; resolves to how many. Only while it rests. */
  handOver(slots: readonly number[], port: Port): Promise<number> {
    return this.#hall().handOver(slots, port);
  }

  /** Takes in the workers that another workshop hands over; resolves to how many. Only while it rests. */
  takeOver(port: Port): Promise<number> {
    return this.#hall().takeOver(port);
  }

  /** Goes on after a rest, serving these slots. */
  resume(slots: readonly number[]): void {
    this.#hall().resume(slots);
  }

  /** Dismisses every worker, reason `closing`; resolves when all of them are off the roster. */
  dismissAll(): Promise<void> {
    return this.#hall().dismissAll();
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
