/**
 * Personnel: hires, finds again and dismisses workers.
 *
 * @module
 */

import {
  type Context,
  type DismissReason,
  type Placement,
  placesOf,
  type WorkshopDefinition,
} from "../blueprint/mod.ts";
import type { Clock } from "../core/mod.ts";
import { ROSTER_WORKERS } from "../core/limits.ts";
import { Assistant } from "./assistant.ts";
import { Contracts } from "./contract.ts";
import type { Job } from "./job.ts";
import type { Ledger } from "./ledger.ts";
import type { Memory } from "./records.ts";
import { Roster } from "./roster.ts";
import { type KeyedWorker, type Staff, staffOf } from "./worker.ts";

/** What personnel is made with. */
export interface PersonnelOptions {
  readonly definition: WorkshopDefinition;
  readonly context: Context;
  readonly clock: Clock;
  /** Where keys are put by their class, if the blueprint has an affinity. */
  readonly placement?: Placement;
  /** A timer of this worker rings. */
  readonly onRing: (worker: KeyedWorker, name: string) => void;
  /** The worker is off the roster: it may say good-bye. */
  readonly onDismissed: (worker: KeyedWorker, reason: DismissReason) => void;
  /** The worker had these jobs when its state was stored. */
  readonly onRestored: (worker: KeyedWorker, jobs: Job[]) => void;
}

/** Keeps roster and contracts. */
export class Personnel {
  readonly roster: Roster = new Roster();
  readonly contracts: Contracts;
  readonly #options: PersonnelOptions;
  readonly #assistant: Assistant;
  readonly #staff: Staff;
  /** While halted: timers that have rung. */
  #rung: [key: string, hash: number, name: string][] | undefined;
  /** Since the start. */
  hired = 0;
  /** Since the start, by reason. */
  readonly dismissed: Record<string, number> = {};

  constructor(options: PersonnelOptions) {
    const { definition: { contract = {} }, clock } = options;
    this.#options = options;
    this.contracts = new Contracts(contract, clock.now());
    this.#staff = staffOf({ clock, ring: (key, hash, name) => this.#ring(key, hash, name) });
    this.#assistant = new Assistant({
      roster: this.roster,
      contracts: this.contracts,
      clock,
      maxWorkers: contract.maxWorkers ?? ROSTER_WORKERS,
      dismiss: (worker, reason) => this.dismiss(worker, reason),
    });
    this.#assistant.start();
  }

  /**
   * A worker for a key that has none: the one of an earlier time if the ledger knows it, a new one otherwise.
   *
   * @returns `full` when the roster is and nobody can go
   * @throws whatever the blueprint's `hire` throws
   */
  hire(key: string, hash: number, ledger: Ledger | undefined): KeyedWorker | "full" {
    if (!this.#assistant.makeRoom()) return "full";
    const memory = ledger?.recall(key);
    if (memory) return this.rehire(key, hash, { memory });
    const state = this.#options.definition.hire(key, this.#options.context);
    return this.#enroll(new this.#staff({ key, hash, state }));
  }

  /**
   * Someone who has been here before, or elsewhere, with the state and the duties of then.
   *
   * @param renewedAt when the contract, which goes on, was last renewed. Default: a new contract begins now, so that
   *   nobody has to go for having been away
   */
  rehire(
    key: string,
    hash: number,
    { memory, renewedAt }: { memory: Memory; renewedAt?: number },
  ): KeyedWorker {
    const { state, hiredAt, processed, pending } = memory;
    const worker = new this.#staff({ key, hash, state, hiredAt });
    this.#enroll(worker, renewedAt);
    worker.processed = processed;
    for (const [name, at] of pending?.timers ?? []) worker.setTimer(name, at);
    const jobs = pending?.jobs.map((job) => ({ ...job, running: false, before: undefined }));
    if (jobs) this.#options.onRestored(worker, jobs);
    return worker;
  }

  find(key: string): KeyedWorker | undefined {
    for (const hash of placesOf(this.#options.placement, key)) {
      const worker = this.roster.get(key, hash);
      if (worker) return worker;
    }
    return undefined;
  }

  /** Somebody wants this worker dismissed, as soon as its belt is empty. False if it isn't hired. */
  ask(key: string): boolean {
    const worker = this.find(key);
    if (worker === undefined) return false;
    if (worker.waiting === 0) this.dismiss(worker, "asked");
    else worker.leaving = "asked";
    return true;
  }

  /** Takes the worker off the roster first: whatever arrives from now on goes to a fresh hire. */
  dismiss(worker: KeyedWorker, reason: DismissReason): void {
    worker.leaving = undefined;
    this.contracts.end(worker.index);
    this.roster.remove(worker);
    worker.rest();
    this.dismissed[reason] = (this.dismissed[reason] ?? 0) + 1;
    this.#options.onDismissed(worker, reason);
  }

  /** `heir` takes the place of a worker whose turn was given up. */
  replace(worker: KeyedWorker, heir: KeyedWorker): void {
    if (worker.index >= 0) this.roster.replace(worker, heir);
  }

  /** Takes the worker off the roster without a word: another workshop serves its key now. */
  release(worker: KeyedWorker): void {
    this.contracts.end(worker.index);
    this.roster.remove(worker);
    worker.rest();
  }

  /** Nobody is dismissed and no timer rings until {@link resume}. */
  halt(): void {
    this.#assistant.stop();
    this.#rung ??= [];
  }

  resume(): void {
    const rung = this.#rung ?? [];
    this.#rung = undefined;
    this.#assistant.start();
    for (const [key, hash, name] of rung) this.#ring(key, hash, name);
  }

  close(): void {
    this.#assistant.close();
    for (let index = 0; index < this.roster.places; index++) this.roster.at(index)?.rest();
  }

  #enroll(worker: KeyedWorker, renewedAt?: number): KeyedWorker {
    const index = this.roster.add(worker);
    if (renewedAt !== undefined) this.contracts.sign(index, renewedAt, worker.hiredAt);
    else this.contracts.sign(index, this.#options.clock.now());
    if (renewedAt === undefined) this.hired++; // who only moves here was hired elsewhere
    return worker;
  }

  #ring(key: string, hash: number, name: string): void {
    if (this.#rung) return void this.#rung.push([key, hash, name]);
    const worker = this.roster.get(key, hash);
    if (worker === undefined) return;
    worker.rang(name);
    this.#options.onRing(worker, name);
  }
}
