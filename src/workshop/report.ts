/**
 * The roster for those who ask: pages of it, and single workers.
 *
 * @module
 */

import { slotOf } from "../core/mod.ts";
import type { Contracts } from "./contract.ts";
import type { Roster } from "./roster.ts";
import type { KeyedWorker } from "./worker.ts";

/** A worker on the roster. */
export interface WorkerReport {
  /** The key that it serves; a factory has one worker of it at most. */
  key: string;
  /** Id of the workshop that it works in, from 0. */
  workshop: number;
  /** Slot that its key hashes to, 0 to 255: all keys of a slot are in one workshop. */
  slot: number;
  /** Absent in listings. */
  state?: unknown;
  /** ms since 1970. */
  hiredAt: number;
  /** When its last item came, ms since 1970. */
  renewedAt: number;
  /** When its contract ends if nothing more comes. */
  lapsesAt: number;
  /** Items processed without failing; kept with the state over dismissals and restarts. */
  processed: number;
  /** Items waiting, with the one under way. */
  belt: number;
}

/** Which workers to list. */
export interface RosterQuery {
  /** Only workers whose key begins with it. Default: all. */
  readonly prefix?: string;
  /** 1 to 1,000. */
  readonly limit: number;
  /** Place on the roster to begin at. */
  readonly from: number;
}

/** A page of the roster. */
export interface RosterPage {
  /** In the order of their places on the roster, without their states. */
  workers: WorkerReport[];
  /** Place to go on at; null at the end. */
  next: number | null;
}

/** Places looked at for one page, so that a search through a million workers doesn't stop the line. */
const PLACES = 50_000;

/** One page. With a prefix it may hold fewer than `limit`, even none, and still have a next one. */
export function rosterPage(
  { roster, contracts, workshop }: { roster: Roster; contracts: Contracts; workshop: number },
  { prefix = "", limit, from }: RosterQuery,
): RosterPage {
  const workers: WorkerReport[] = [];
  const end = Math.min(roster.places, from + PLACES);
  let place = from;
  while (place < end && workers.length < limit) {
    const worker = roster.at(place++);
    if (worker?.key.startsWith(prefix)) {
      workers.push(workerReport(worker, { contracts, workshop, withState: false }));
    }
  }
  return { workers, next: place < roster.places ? place : null };
}

/** One worker. */
export function workerReport(
  worker: KeyedWorker,
  { contracts, workshop, withState }: { contracts: Contracts; workshop: number; withState: boolean },
): WorkerReport {
  return {
    key: worker.key,
    workshop,
    slot: slotOf(worker.hash),
    ...(withState && { state: worker.state }),
    hiredAt: worker.hiredAt,
    renewedAt: contracts.renewedAt(worker.index),
    lapsesAt: contracts.lapsesAt(worker.index),
    processed: worker.processed,
    belt: worker.waiting,
  };
}
