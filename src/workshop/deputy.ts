/**
 * The deputy: gives running time to workers that have something to do, within the workshop's concurrency.
 *
 * @module
 */

import type { DismissReason, WorkshopDefinition } from "../blueprint/mod.ts";
import type { Clock, DeadlineError } from "../core/mod.ts";
import { BELT_BYTES, BELT_ITEMS, TURN_CONCURRENCY } from "../core/limits.ts";
import { Histogram } from "../metrics/mod.ts";
import type { Contexts } from "./contexts.ts";
import type { Conveyor } from "./conveyor.ts";
import { dismissJob, type Job, materialJob, timerJob } from "./job.ts";
import type { Ledger } from "./ledger.ts";
import { StateCopier } from "./state_copier.ts";
import type { Unfinished } from "./unfinished.ts";
import type { Supervisor } from "./supervisor.ts";
import { goesOn, Turn, type TurnHost } from "./turn.ts";
import type { KeyedWorker } from "./worker.ts";

/** What a deputy is made with. */
export interface DeputyOptions {
  readonly definition: WorkshopDefinition;
  readonly contexts: Contexts;
  readonly conveyor: Conveyor;
  readonly supervisor: Supervisor;
  readonly clock: Clock;
  /** Keeps account of what changes, if the factory is durable. */
  readonly ledger: Ledger | undefined;
  /** Keeps account of what is left to do, if the factory is not. */
  readonly unfinished: Unfinished | undefined;
  /** Where times from bought to shipped go, in seconds. */
  readonly latency: Histogram;
  /** A worker's turn was given up: `heir` takes its place. */
  readonly onReplaced: (worker: KeyedWorker, heir: KeyedWorker) => void;
  /** A dismissed worker has shipped its last. */
  readonly onDeparted: (worker: KeyedWorker) => void;
  /** A worker that was to leave has nothing left to do. */
  readonly onLeaving: (worker: KeyedWorker, reason: DismissReason) => void;
  /** A job has ended. */
  readonly onEnded: () => void;
  /** There is room again after {@link Deputy.full} or {@link Deputy.crowded}, or nothing is pending any more. */
  readonly onRoom: () => void;
}

/** One synchronous turn in so many is timed: a power of two. */
const SAMPLE = 64;

/**
 * Runs turns. A synchronous turn runs where it stands, with no promise and no job; only what can't be done at once
 * (an asynchronous turn, a failed one, an item behind another) becomes a {@link Job}.
 *
 * Invariant: a worker has at most one job under way, and its jobs run in the order in which they came.
 */
export class Deputy {
  readonly #options: DeputyOptions;
  readonly #definition: WorkshopDefinition;
  readonly #contexts: Contexts;
  readonly #conveyor: Conveyor;
  readonly #clock: Clock;
  readonly #ledger: Ledger | undefined;
  readonly #concurrency: number;
  readonly #rollback: boolean;
  readonly #copier = new StateCopier();
  /** Whether `work` is known to return nothing: then it may ship straight into the batches. */
  #synchronous = false;
  /** False for good once it has returned a promise: what it does at once with some items it may not with others. */
  #mayBeSynchronous: boolean;
  /** Workers with jobs that wait until they {@link #mayRun}. */
  readonly #ready = new Set<KeyedWorker>();
  /** Turn durations, seconds. */
  readonly turns: Histogram = new Histogram();
  /** Asynchronous turns under way. */
  inFlight = 0;
  /** Jobs that are not done: under way, waiting on belts, waiting to be tried again. */
  pending = 0;
  /** What turns call back. */
  readonly #host: TurnHost = {
    keep: (type, product) => this.#conveyor.keep(type, product),
    overdue: (turn, error) => this.#overdue(turn, error),
  };
  /** The roster is full and somebody waits until a worker has nothing to do. */
  crowded = false;
  #pendingBytes = 0;
  #count = 0;
  #closed = false;
  /** While a barrier passes: turns that have ended meanwhile, to be dealt with behind it. */
  #held: (() => void)[] | undefined;

  constructor(options: DeputyOptions) {
    this.#options = options;
    this.#definition = options.definition;
    this.#contexts = options.contexts;
    this.#conveyor = options.conveyor;
    this.#clock = options.clock;
    this.#ledger = options.ledger;
    const { concurrency = TURN_CONCURRENCY, rollback = true } = options.definition.turn ?? {};
    this.#concurrency = concurrency;
    this.#rollback = rollback;
    this.#mayBeSynchronous = !options.contexts.calling &&
      options.definition.work.constructor.name !== "AsyncFunction";
  }

  /** Takes no more items for now. */
  get full(): boolean {
    return this.pending >= BELT_ITEMS || this.#pendingBytes >= BELT_BYTES;
  }

  /** An item for a worker: runs its turn now if it can, and puts it on the belt otherwise. */
  take(worker: KeyedWorker, material: unknown, { at, bytes }: { at: number; bytes: number }): void {
    this.#ledger?.touch(worker);
    if (!this.#synchronous || worker.engaged) {
      this.#enqueue(worker, materialJob(material, at, bytes));
      return;
    }
    let saved = worker.state;
    const timed = (++this.#count & (SAMPLE - 1)) === 0;
    const startedAt = timed ? this.#clock.monotonic() : 0;
    this.#conveyor.begin(worker);
    let failure: unknown;
    let result: unknown;
    try {
      if (this.#rollback) saved = this.#copier.save(worker);
      result = this.#definition.work(worker, material, this.#conveyor.ship, this.#contexts.general);
      if (!goesOn(result)) {
        this.#conveyor.end();
        if (worker.wishes !== undefined) worker.grant();
        worker.processed++;
        if (timed) this.turns.record((this.#clock.monotonic() - startedAt) / 1_000);
        return;
      }
    } catch (error) {
      failure = error;
      result = undefined;
    }
    this.#conveyor.rollback();
    const job = materialJob(material, at, bytes);
    this.#admit(job);
    if (result !== undefined) return this.#surprised(worker, job, { saved, result });
    worker.state = saved;
    worker.settle();
    this.#failed(worker, job, failure);
  }

  /** Jobs that the worker had when its state was stored: they come before everything new. */
  restore(worker: KeyedWorker, jobs: readonly Job[]): void {
    for (const job of jobs) this.#enqueue(worker, job);
  }

  /** A timer rang for the worker. */
  ring(worker: KeyedWorker, name: string): void {
    this.#enqueue(worker, timerJob(name, this.#clock.now()));
  }

  /** The worker is off the roster: its last turn, in which it may still ship. */
  dismiss(worker: KeyedWorker, reason: DismissReason): void {
    if (!this.#definition.dismiss) return this.#options.onDeparted(worker);
    this.#ledger?.leaving(worker, this.#clock.now());
    this.#enqueue(worker, dismissJob(reason, this.#clock.now()));
  }

  /** Lets no turn begin or end until {@link release}: a barrier is passing. */
  hold(): void {
    this.#held ??= [];
  }

  /** Whether a barrier is passing. */
  get held(): boolean {
    return this.#held !== undefined;
  }

  /** The barrier is through. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const deal of held) deal();
    this.resume();
  }

  /** There is room on the conveyor again: workers that waited for it go on. */
  resume(): void {
    for (const worker of this.#ready) {
      if (!this.#mayRun) return;
      this.#proceed(worker);
    }
  }

  close(): void {
    this.#closed = true;
    this.#ready.clear();
  }

  /** Whether there is concurrency left, room for what is shipped, and no barrier passing. */
  get #mayRun(): boolean {
    return this.inFlight < this.#concurrency && !this.#conveyor.blocked && this.#held === undefined;
  }

  #admit(job: Job): void {
    this.#options.unfinished?.add(job);
    this.pending++;
    this.#pendingBytes += job.bytes;
  }

  #enqueue(worker: KeyedWorker, job: Job): void {
    this.#admit(job);
    if (worker.belt) worker.belt.push(job);
    else if (worker.job === undefined && this.#mayRun && !this.#closed) this.#run(worker, job);
    else worker.belt = [job];
    this.#proceed(worker);
  }

  /** Runs the worker's jobs until one goes on asynchronously, waits to be tried again, or none is left. */
  #proceed(worker: KeyedWorker): void {
    while (worker.job === undefined && worker.belt !== undefined) {
      if (this.#closed) return;
      if (!this.#mayRun) return void this.#ready.add(worker);
      this.#ready.delete(worker);
      const job = worker.belt[0];
      if (worker.belt.length === 1) worker.belt = undefined;
      else worker.belt.shift();
      this.#run(worker, job);
    }
    if (worker.leaving !== undefined && worker.job === undefined) {
      this.#options.onLeaving(worker, worker.leaving);
    }
  }

  #run(worker: KeyedWorker, job: Job): void {
    let saved = worker.state;
    let unsaved: unknown;
    try {
      if (this.#rollback) saved = this.#copier.save(worker);
    } catch (error) {
      unsaved = error;
    }
    const turn = new Turn(this.#host, { worker, job, saved, startedAt: this.#clock.monotonic() });
    worker.job = job;
    job.before = saved;
    this.#ledger?.touch(worker);
    let result: Promise<void> | undefined;
    try {
      if (unsaved) throw unsaved;
      const returned = this.#call(turn);
      if (goesOn(returned)) result = Promise.resolve(returned);
    } catch (error) {
      this.#end(turn, error ?? new Error("undefined was thrown"));
      return;
    }
    if (result === undefined) {
      if (job.kind === "material") this.#synchronous = this.#mayBeSynchronous;
      this.#end(turn);
      return;
    }
    if (job.kind === "material") this.#mayBeSynchronous = this.#synchronous = false;
    job.running = true;
    this.inFlight++;
    this.#options.supervisor.watch(turn);
    result.then(
      () => this.#landed(turn),
      (error) => this.#landed(turn, error ?? new Error("rejected with undefined")),
    );
  }

  #call(turn: Turn): void | Promise<void> {
    const { worker, job, ship } = turn;
    const context = this.#contexts.of(turn);
    switch (job.kind) {
      case "material":
        return this.#definition.work(worker, job.material, ship, context);
      case "timer":
        return this.#definition.onTimer?.(worker, job.name, ship, context);
      case "dismiss":
        return this.#definition.dismiss?.(worker, ship, job.name as DismissReason, context);
    }
  }

  /** An asynchronous turn has ended by itself. */
  #landed(turn: Turn, error?: unknown): void {
    if (turn.over || this.#closed) return;
    if (this.#held) return void this.#held.push(() => this.#landed(turn, error));
    this.inFlight--;
    this.#options.supervisor.unwatch(turn);
    this.#end(turn, error);
    this.#proceed(turn.worker);
    this.resume();
  }

  /** The turn is over: ships what it kept, or puts everything back. */
  #end(turn: Turn, error?: unknown): void {
    const { worker, job } = turn;
    turn.over = true;
    job.running = false;
    this.#ledger?.touch(worker);
    this.turns.record((this.#clock.monotonic() - turn.startedAt) / 1_000);
    if (error === undefined) {
      try {
        this.#conveyor.shipAll(worker, turn.shipments);
      } catch (shipError) {
        error = shipError;
      }
    }
    if (error === undefined) worker.grant();
    worker.settle();
    if (error === undefined) {
      if (job.kind === "material") {
        worker.processed++;
        this.#options.latency.record((this.#clock.now() - job.at) / 1_000);
      }
      this.#done(worker, job);
    } else {
      worker.state = turn.saved;
      this.#failed(worker, job, error);
    }
  }

  /** The deadline has come: whatever the turn still does happens to a worker that no longer counts. */
  #overdue(turn: Turn, error: DeadlineError): void {
    if (turn.over) return;
    if (this.#held) return void this.#held.push(() => this.#overdue(turn, error));
    turn.over = true;
    turn.job.running = false;
    this.inFlight--;
    this.turns.record((this.#clock.monotonic() - turn.startedAt) / 1_000);
    const heir = this.#replace(turn.worker, turn.saved);
    turn.worker.abort(error);
    this.#failed(heir, turn.job, error);
    this.#proceed(heir);
    this.resume();
  }

  /**
   * `work` has always returned nothing so far, and now a promise. It has been handed the ship of synchronous turns,
   * which is of no use to it: the turn starts again, on a worker that the running one can't touch.
   */
  #surprised(
    worker: KeyedWorker,
    job: Job,
    { saved, result }: { saved: unknown; result: unknown },
  ): void {
    this.#mayBeSynchronous = this.#synchronous = false;
    void Promise.resolve(result).catch(() => {}); // it is the second attempt that counts
    const heir = this.#replace(worker, saved);
    heir.belt = [job];
    this.#proceed(heir);
  }

  #replace(worker: KeyedWorker, state: unknown): KeyedWorker {
    const heir = worker.replace(state);
    if (this.#ready.delete(worker)) this.#ready.add(heir);
    this.#options.onReplaced(worker, heir);
    this.#ledger?.replaced(worker, heir);
    return heir;
  }

  #failed(worker: KeyedWorker, job: Job, error: unknown): void {
    const verdict = this.#options.supervisor.judge(job, error);
    if (verdict.kind === "retry") {
      worker.job = job;
      this.#clock.after(verdict.delayMs, () => this.#again(worker, job));
      return;
    }
    this.#conveyor.deadLetter(verdict.letter, worker.key, worker.hash);
    this.#done(worker, job);
  }

  /** The wait before another attempt is over: the job is the worker's first again. */
  #again(worker: KeyedWorker, job: Job): void {
    if (this.#closed) return;
    worker.job = undefined;
    this.#ledger?.touch(worker);
    if (worker.belt) worker.belt.unshift(job);
    else worker.belt = [job];
    this.#proceed(worker);
  }

  #done(worker: KeyedWorker, job: Job): void {
    const wasFull = this.full;
    worker.job = undefined;
    job.before = undefined;
    if (job.kind === "dismiss") this.#options.onDeparted(worker);
    this.#options.unfinished?.remove(job);
    this.pending--;
    this.#pendingBytes -= job.bytes;
    this.#options.onEnded();
    const free = this.crowded && !worker.busy;
    if (free) this.crowded = false;
    if (free || this.pending === 0 || (wasFull && !this.full)) this.#options.onRoom();
  }
}
