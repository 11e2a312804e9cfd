/**
 * What happens when departments die: they are replaced, and the factory goes on from its last commit.
 *
 * @module
 */

import { type Clock, DepartmentError, messageOf, sleep, StoreError } from "../core/mod.ts";
import { LOST_WEB_WORKERS, PATIENCE_FACTOR, RESTARTS } from "../core/limits.ts";
import type { Departments } from "./departments.ts";
import { Heartbeats } from "./heartbeats.ts";
import type { Patience } from "./patience.ts";
import { RestartPolicy } from "./restart_policy.ts";

/** What recovery is made with. */
export interface RecoveryOptions {
  readonly departments: Departments;
  readonly patience: Patience;
  readonly clock: Clock;
  /** Longest silence of a workshop, in ms. */
  readonly silentMs: number;
  /** Whether there is a commit to go on from. */
  readonly durable: boolean;
  /** Whether a new procurement could buy again what an old one had bought. */
  readonly replayable: boolean;
  /** Whether a Web Worker that is busy for ever goes on when it is terminated. */
  readonly unstoppable: boolean;
  /** 0 to 1. */
  readonly random: () => number;
  /** A department is lost for good, and with it the factory. */
  readonly onGiveUp: (department: string, error: Error) => void;
  /** A department has died, and will be replaced. */
  readonly onLoss: (error: Error) => void;
  /** Runs `task` while nobody else moves departments. */
  readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>;
}

/** Watches the departments, and replaces those that die for as long as there is hope. */
export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #policy: RestartPolicy;
  readonly #heartbeats: Heartbeats;
  readonly #closing = new AbortController();
  /** Departments that are dead, and what of. */
  readonly #lost = new Map<string, Error>();
  /** Those that have died since the last attempt to replace them began. */
  readonly #fallen = new Set<string>();
  /** How long to wait before the next attempt to replace them. */
  #waitMs = 0;
  #running: Promise<void> | undefined;
  #zombies = 0;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    this.#policy = new RestartPolicy(RESTARTS, options.random);
    this.#heartbeats = new Heartbeats({
      clock: options.clock,
      silentMs: options.silentMs,
      onSilent: (department, ms) => this.#silent(department, ms),
    });
  }

  /** Departments that are being replaced, and why. */
  get underWay(): ReadonlyMap<string, Error> {
    return this.#lost;
  }

  /** Begins to ask whether they answer. Without a commit to go on from, nobody is replaced for being slow. */
  watch(departments: Iterable<string>): void {
    const { durable, silentMs } = this.#options;
    if (!durable || this.#closing.signal.aborted) return;
    for (const name of departments) {
      this.#heartbeats.watch(name, {
        ping: () => this.#options.departments.ping(name),
        silentMs: name.startsWith("workshop") ? silentMs : silentMs * PATIENCE_FACTOR,
      });
    }
  }

  /** Watches these no more. */
  forget(departments: Iterable<string>): void {
    for (const name of departments) this.#heartbeats.forget(name);
  }

  /** A department has died of this. */
  report(department: string, error: Error): void {
    if (this.#closing.signal.aborted) return;
    const hopeless = this.#hopeless(department);
    if (hopeless !== undefined) return this.#giveUp(department, error, hopeless);
    const again = this.#lost.has(department);
    this.#lost.set(department, error);
    this.#fallen.add(department);
    this.#heartbeats.forget(department);
    this.#options.patience.lose(department, error);
    this.#options.departments.end([department]);
    this.#options.onLoss(error);
    if (again || !this.#counted(department, error)) return;
    this.#running ??= this.#run();
  }

  close(): void {
    this.#closing.abort();
    this.#heartbeats.close();
  }

  /** Whether somebody is being replaced. */
  get running(): boolean {
    return this.#running !== undefined && !this.#closing.signal.aborted;
  }

  /** Resolves when nobody is being replaced. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { exclusively } = this.#options;
    while (this.#lost.size > 0 && !this.#closing.signal.aborted) await exclusively(() => this.#replace());
    this.#running = undefined;
  }

  async #replace(): Promise<void> {
    const { departments, clock } = this.#options;
    await sleep(clock, this.#waitMs, this.#closing.signal).catch(() => {});
    if (this.#closing.signal.aborted) return;
    this.#waitMs = 0;
    const lost = new Set(this.#lost.keys());
    this.#fallen.clear();
    try {
      await departments.replace(lost, { onHired: (names) => this.watch(names) });
      for (const name of lost) if (!this.#fallen.has(name)) this.#lost.delete(name);
      for (const [name, error] of this.#lost) if (lost.has(name)) this.#counted(name, error);
    } catch (thrown) {
      const cause = heldByTheDead(thrown);
      // Whoever died meanwhile is among the lost by now. If nobody did, the replacement itself has failed.
      const error = cause instanceof Error ? cause : new Error(messageOf(cause));
      for (const name of lost) {
        if (this.#closing.signal.aborted) return;
        this.#lost.set(name, error);
        this.#counted(name, error);
      }
    }
  }

  /** Counts an attempt to replace a department. False if there have been too many. */
  #counted(department: string, error: Error): boolean {
    const ms = this.#policy.next(department, this.#options.clock.now());
    if (ms !== undefined) this.#waitMs = Math.max(this.#waitMs, ms);
    else {
      const { restarts, windowMs } = RESTARTS;
      this.#giveUp(department, error, `it was replaced ${restarts} times within ${windowMs / 1_000} s`);
    }
    return ms !== undefined;
  }

  #silent(department: string, ms: number): void {
    const { unstoppable } = this.#options;
    const hint = department.startsWith("workshop") ? " (is a synchronous turn longer than heartbeatMs?)" : "";
    const error = new DepartmentError(`${department}: it has not answered for ${ms} ms${hint}`, {
      code: "DEPARTMENT_SILENT",
      fields: { department, ms },
    });
    if (unstoppable && ++this.#zombies > LOST_WEB_WORKERS) {
      return this.#giveUp(
        department,
        error,
        `${LOST_WEB_WORKERS} Web Workers that stopped answering may still be busy, and this runtime can't stop them: ` +
          "end the process; the next goes on from the last commit",
      );
    }
    this.report(department, error);
  }

  /** Why there is no use in replacing a department; undefined if there may be. */
  #hopeless(department: string): string | undefined {
    const { durable, replayable } = this.#options;
    if (department === "operations") return undefined;
    if (!durable) return "without durability there is no commit to go on from";
    if (department === "procurement" && !replayable) {
      return "the source can't go back to what isn't committed";
    }
  }

  #giveUp(department: string, cause: Error, why: string): void {
    this.close();
    const error = new DepartmentError(`${messageOf(cause)}; it can't be replaced: ${why}`, {
      fields: { department },
      cause,
    });
    this.#options.onGiveUp(department, error);
  }
}

/** A Web Worker that can't be stopped keeps what it has: the store's lock, if it was transport's. */
function heldByTheDead(cause: unknown): unknown {
  if (!(cause instanceof StoreError) || cause.code !== "STORE_LOCKED") return cause;
  return new DepartmentError(
    "transport: the one that died still holds the data directory, and can't be stopped: end the process, and the " +
      "next goes on from the last commit",
    { fields: { department: "transport" }, cause },
  );
}
