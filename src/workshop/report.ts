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
  key: string;
  workshop: number;
  slot: number;
  /** Absent in listings. */
  state?: unknown;
  /** ms since 1970. */
  hiredAt: number;
  /** When its last item came, ms since 1970. */
  renewedAt: number;
  /** When its contract ends if nothing more comes. */
  lapsesAt: number;
  processed: number;
  /** Items waiting, with the one under way. */
  belt: number;
}

/** Which workers to list. */
export interface RosterQuery {
  readonly prefix?: string;
  /** 1 to 1,000. */
  readonly limit: number;
  /** Place on the roster to begin at. */
  readonly from: number;
}

/** A page of the roster. */
export interface RosterPage {
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
