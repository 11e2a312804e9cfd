/**
 * Workers as rows: what is written of them for the store or for another workshop, and read again.
 *
 * @module
 */

import type { WorkerState } from "../batch/mod.ts";
import type { WorkshopDefinition } from "../blueprint/mod.ts";
import { ItemError, messageOf, slotOf } from "../core/mod.ts";
import { OWED, type StoredState } from "../store/mod.ts";
import type { Job } from "./job.ts";
import { fromText, toText } from "./plain_text.ts";
import type { KeyedWorker } from "./worker.ts";

/** What a worker had to do when its row was written. */
export interface Pending {
  /** Names and times, ms since 1970. */
  readonly timers: readonly (readonly [name: string, at: number])[];
  readonly jobs: readonly Omit<Job, "before" | "running">[];
}

/** What is remembered of a worker. */
export interface Memory {
  readonly state: unknown;
  readonly hiredAt: number;
  readonly processed: number;
  readonly pending: Pending | undefined;
}

/** A row with a state. */
export type StatedRow =
  & Pick<StoredState, "version" | "hiredAt" | "processed" | "pending">
  & { readonly state: StoredState["state"] | null };

/** Writes and reads rows of one blueprint's workers. */
export class Records {
  readonly #version: number;
  readonly #migrate: WorkshopDefinition["migrate"];
  /** Whoever is hired owes a good-bye, also after a crash. */
  readonly #farewells: boolean;

  constructor({ version = 1, migrate, dismiss }: WorkshopDefinition) {
    this.#version = version;
    this.#migrate = migrate;
    this.#farewells = dismiss !== undefined;
  }

  /** A worker that is hired. @throws {ItemError} when its state is no plain data */
  hired(worker: KeyedWorker, renewedAt: number): WorkerState {
    const jobs = [...(worker.job ? [worker.job] : []), ...(worker.belt ?? [])];
    const timers = worker.timers();
    const idle = jobs.length === 0 && timers.length === 0;
    return this.#row(worker, {
      renewedAt,
      pending: idle
        ? this.#farewells ? OWED : null
        : toText({ timers, jobs: jobs.map(({ before: _before, running: _running, ...job }) => job) }),
    });
  }

  /** A worker that is saying good-bye: should the run end before it has, it owes it still. @throws {ItemError} */
  leaving(worker: KeyedWorker, renewedAt: number): WorkerState {
    return this.#row(worker, { renewedAt, pending: OWED });
  }

  /** A worker that is gone. @throws {ItemError} */
  gone(worker: KeyedWorker, renewedAt: number): WorkerState {
    return this.#row(worker, { renewedAt, pending: null });
  }

  /** What a row says. @throws {ItemError} when it is of another version and the blueprint can't bring it up */
  memory(key: string, row: StatedRow): Memory {
    let state = fromText(String(row.state));
    if (row.version !== this.#version) {
      if (!this.#migrate) {
        throw new ItemError(
          `worker ${
            JSON.stringify(key)
          }: its state has version ${row.version}, the blueprint ${this.#version}`,
          { fields: { key, found: row.version, wanted: this.#version } },
        );
      }
      state = this.#migrate(state, row.version);
    }
    const { hiredAt, processed } = row;
    const pending = row.pending === null || row.pending === OWED
      ? undefined
      : fromText(row.pending) as Pending;
    return { state, hiredAt, processed, pending };
  }

  #row(
    worker: KeyedWorker,
    { renewedAt, pending }: { renewedAt: number; pending: string | null },
  ): WorkerState {
    const { key, hash, hiredAt, processed } = worker;
    try {
      const state = toText(worker.job?.running ? worker.job.before : worker.state);
      return {
        slot: slotOf(hash),
        hash,
        version: this.#version,
        state,
        hiredAt,
        renewedAt,
        processed,
        pending,
      };
    } catch (cause) {
      const found = messageOf(cause);
      throw new ItemError(
        `worker ${JSON.stringify(key)}: its state can't be stored: ${found}; state must be plain data`,
        { fields: { key }, cause },
      );
    }
  }
}
