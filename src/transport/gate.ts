/**
 * Barrier alignment: an epoch is complete when its barrier has come from every workshop (Carbone et al. 2015,
 * Lightweight Asynchronous Snapshots for Distributed Dataflows).
 *
 * @module
 */

import type { BarrierMessage } from "../line/mod.ts";

/** An epoch whose barrier has come from every workshop. */
export interface Complete {
  readonly barrier: BarrierMessage;
  /** When the first came, ms. */
  readonly since: number;
  /** The last epoch of which no workshop has anything left to do. */
  readonly finished: number;
}

interface Entry extends Complete {
  finished: number;
  readonly workshops: Set<number>;
}

/** Collects barriers. */
export class Gate {
  #workshops: number;
  readonly #open = new Map<number, Entry>();

  constructor(workshops: number) {
    this.#workshops = workshops;
  }

  /** A barrier has come off a workshop's conveyor. `now` in ms. */
  arrive(workshop: number, barrier: BarrierMessage, now: number): void {
    const entry = this.#open.get(barrier.epoch);
    if (entry) {
      entry.workshops.add(workshop);
      entry.finished = Math.min(entry.finished, barrier.finished);
    } else {this.#open.set(barrier.epoch, {
        barrier,
        workshops: new Set([workshop]),
        since: now,
        finished: barrier.finished,
      });}
  }

  /** The epoch's barrier, once it has come from everywhere. */
  complete(epoch: number): Complete | undefined {
    const entry = this.#open.get(epoch);
    return entry && entry.workshops.size === this.#workshops ? entry : undefined;
  }

  /**
   * A workshop is gone: the one in its place will send its barriers again. When all are gone, procurement may cut
   * the epoch elsewhere: what an earlier barrier said of it is void.
   */
  drop(workshop: number): void {
    for (const [epoch, { workshops }] of this.#open) {
      workshops.delete(workshop);
      if (workshops.size === 0) this.#open.delete(epoch);
    }
  }

  /** There are so many workshops from now on; no epoch may be open. */
  resize(workshops: number): void {
    this.#workshops = workshops;
  }

  /** The epoch is committed. */
  forget(epoch: number): void {
    this.#open.delete(epoch);
  }
}
