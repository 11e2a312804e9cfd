/**
 * The worker: the processor of one key, with its state and its belt.
 *
 * @module
 */

import type { DismissReason, Worker } from "../blueprint/mod.ts";
import type { Clock, Timer } from "../core/mod.ts";
import type { Job } from "./job.ts";

/** What all workers of a workshop share. */
export interface Floor {
  readonly clock: Clock;
  /** A timer rings for whoever serves the key now. */
  ring(key: string, hash: number, name: string): void;
}

/** A timer to set, or to cancel. */
interface Wish {
  readonly name: string;
  /** ms since 1970; undefined to cancel it. */
  readonly at: number | undefined;
}

interface Alarm {
  readonly timer: Timer;
  /** ms since 1970. */
  readonly at: number;
}

/** What few workers have at a time: one field for all of it in each of a million workers. */
interface Errands {
  job: Job | undefined;
  belt: Job[] | undefined;
  leaving: DismissReason | undefined;
  wishes: Wish[] | undefined;
  timers: Map<string, Alarm> | undefined;
  abort: AbortController | undefined;
}

/** What a worker begins with. */
export interface Beginnings {
  key: string;
  hash: number;
  state: unknown;
  /** ms since 1970. Default: now. */
  hiredAt?: number;
}

/** The workers of one workshop. */
export type Staff = new (beginnings: Beginnings) => KeyedWorker;

/** A class of its own for the workers of a floor: what they share stands there, not in each of a million. */
export function staffOf(floor: Floor): Staff {
  return class extends KeyedWorker {
    protected override get floor(): Floor {
      return floor;
    }
  };
}

/**
 * One live key. A few words of memory each, for a million of them: everything that only busy workers need is
 * made when they need it. Eight fields: one more, and JavaScriptCore takes 112 bytes instead of 80.
 */
export abstract class KeyedWorker implements Worker {
  readonly key: string;
  readonly hiredAt: number;
  state: unknown;
  processed = 0;
  /** Place on the roster; -1 when dismissed. */
  index = -1;
  /** The ledger's epoch in which it changed last. */
  touchedIn = 0;
  /** Signed: V8 keeps the upper half of the unsigned ones in objects of their own. */
  readonly #hash: number;
  #errands: Errands | undefined = undefined;

  constructor({ key, hash, state, hiredAt }: Beginnings) {
    this.key = key;
    this.#hash = hash | 0;
    this.state = state;
    this.hiredAt = hiredAt ?? this.now();
  }

  protected abstract get floor(): Floor;

  /** Of the key, unsigned. */
  get hash(): number {
    return this.#hash >>> 0;
  }

  /** The job under way: an asynchronous turn, or one that waits to be tried again. */
  get job(): Job | undefined {
    return this.#errands?.job;
  }

  set job(job: Job | undefined) {
    if (job !== undefined) this.#errand.job = job;
    else if (this.#errands) {
      this.#errands.job = undefined;
      this.#tidy(this.#errands);
    }
  }

  /** Jobs that wait behind it, oldest first. */
  get belt(): Job[] | undefined {
    return this.#errands?.belt;
  }

  set belt(belt: Job[] | undefined) {
    if (belt !== undefined) this.#errand.belt = belt;
    else if (this.#errands) {
      this.#errands.belt = undefined;
      this.#tidy(this.#errands);
    }
  }

  /** Whether a job is under way or waits: then another has to wait behind it. */
  get engaged(): boolean {
    const errands = this.#errands;
    return errands !== undefined && (errands.job !== undefined || errands.belt !== undefined);
  }

  /** Dismiss it when its belt is empty, for this reason. */
  get leaving(): DismissReason | undefined {
    return this.#errands?.leaving;
  }

  set leaving(reason: DismissReason | undefined) {
    if (reason !== this.leaving) this.#errand.leaving = reason;
  }

  /** What the turn under way has done to its timers: that counts when the turn ends well. */
  get wishes(): readonly Wish[] | undefined {
    return this.#errands?.wishes;
  }

  /** Whether it has something to do, now or at a set time. */
  get busy(): boolean {
    return this.engaged || this.#errands?.timers !== undefined;
  }

  /** Items that wait, with the one under way. */
  get waiting(): number {
    return (this.job ? 1 : 0) + (this.belt?.length ?? 0);
  }

  get signal(): AbortSignal {
    return (this.#errand.abort ??= new AbortController()).signal;
  }

  now(): number {
    return this.floor.clock.now();
  }

  after(ms: number, name: string): void {
    if (!(ms >= 0)) throw new RangeError(`worker.after: expected milliseconds, 0 or more, found ${ms}`);
    (this.#errand.wishes ??= []).push({ name, at: this.now() + ms });
  }

  cancel(name: string): void {
    (this.#errand.wishes ??= []).push({ name, at: undefined });
  }

  /** The turn has ended well: its timers are set, and those cancelled that it wanted cancelled. */
  grant(): void {
    const wishes = this.wishes ?? [];
    if (wishes.length > 0) this.#errand.wishes = undefined;
    if (this.index < 0) return; // dismissed, or replaced: nobody is there to ring for
    for (const { name, at } of wishes) {
      if (at === undefined) this.#stop(name);
      else this.setTimer(name, at);
    }
  }

  /** Rings at a time, ms since 1970; a timer of the same name is replaced. */
  setTimer(name: string, at: number): void {
    this.#stop(name);
    const timers = this.#errand.timers ??= new Map();
    const ring = () => this.floor.ring(this.key, this.hash, name);
    const timer = this.floor.clock.after(Math.max(0, at - this.now()), ring);
    timers.set(name, { timer, at });
  }

  #stop(name: string): void {
    this.#errands?.timers?.get(name)?.timer.cancel();
    this.rang(name);
  }

  /** The timer is done with. */
  rang(name: string): void {
    const { timers } = this.#errands ?? {};
    if (timers?.delete(name) && timers.size === 0) this.#errand.timers = undefined;
  }

  /** The turn is over: a signal that somebody asked for is of no more use, nor what a failed turn did to timers. */
  settle(): void {
    const errands = this.#errands;
    if (errands === undefined) return;
    errands.abort = undefined;
    errands.wishes = undefined;
    this.#tidy(errands);
  }

  #tidy({ job, belt, leaving, wishes, timers, abort }: Errands): void {
    if ((job ?? belt ?? leaving ?? wishes ?? timers ?? abort) === undefined) this.#errands = undefined;
  }

  /** Aborts the signal of the turn under way, for good: the turn may ask for it only later. */
  abort(reason: unknown): void {
    (this.#errand.abort ??= new AbortController()).abort(reason);
  }

  /** Names of the timers that are set, and when they ring: ms since 1970. */
  timers(): [name: string, at: number][] {
    return [...this.#errands?.timers ?? []].map(([name, { at }]) => [name, at]);
  }

  /** Cancels every timer. */
  rest(): void {
    for (const { timer } of this.#errands?.timers?.values() ?? []) timer.cancel();
    if (this.#errands) this.#errands.timers = undefined;
  }

  /**
   * Another worker for the same key that takes over belt and timers, while this one stays with a turn that nobody
   * waits for any more: what that turn still does to its state or signal reaches no one.
   */
  replace(state: unknown): KeyedWorker {
    const { key, hash, hiredAt } = this;
    const heir = new (this.constructor as Staff)({ key, hash, state, hiredAt });
    heir.processed = this.processed;
    heir.belt = this.belt;
    heir.leaving = this.leaving;
    if (this.#errands?.timers) {
      heir.#errand.timers = this.#errands.timers;
      this.#errands.timers = undefined;
    }
    this.belt = undefined;
    return heir;
  }

  get #errand(): Errands {
    return this.#errands ??= {
      job: undefined,
      belt: undefined,
      leaving: undefined,
      wishes: undefined,
      timers: undefined,
      abort: undefined,
    };
  }
}
