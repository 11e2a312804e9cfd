/**
 * What the departments have counted in all: what an inspection sums up, in full, for monitoring.
 *
 * @module
 */

import {
  emptySnapshot,
  type HistogramSnapshot,
  type ProcurementFigures,
  type TransportFigures,
  type WorkshopFigures,
} from "../metrics/mod.ts";
import type { Totals } from "./inspection.ts";
import { addWorkshop, totalsOf, type WorkshopTotals } from "./totals.ts";

/** Durations in one workshop, since it was started. */
export interface WorkshopAccounts {
  /** Id of the workshop. */
  workshop: number;
  /** Turns (synchronous ones: a sample), seconds. */
  turns: HistogramSnapshot;
  /** From bought to shipped, seconds. */
  latency: HistogramSnapshot;
}

/** Counts since the factory opened, as of the latest inspection; plain data. */
export interface Accounts {
  /** As an inspection has them: workshops that are gone count too. */
  totals: Totals;
  /** Items, timers and dismissals that were given up, by reason. */
  deadLetters: Record<string, number>;
  /** Workers dismissed, by reason. */
  dismissed: Record<string, number>;
  /** How often another has taken a department's place, by its name. */
  restarts: Record<string, number>;
  /** One for each workshop that has answered; a workshop that is started anew begins with nothing. */
  workshops: WorkshopAccounts[];
  /** Deliveries to sinks, seconds. */
  deliveries: HistogramSnapshot;
  /** Epochs from their first barrier at transport to their commit, seconds. */
  epochs: HistogramSnapshot;
}

/** The departments' last figures, where there are any, and what workshops that are gone had counted. */
export interface Books {
  readonly procurement: ProcurementFigures | undefined;
  readonly workshops: readonly (WorkshopFigures | undefined)[];
  readonly transport: TransportFigures | undefined;
  readonly retired: WorkshopTotals;
  readonly restarts: Readonly<Record<string, number>>;
}

/** Works out the accounts. */
export function accountsOf({ procurement, workshops, transport, retired, restarts }: Books): Accounts {
  const known = workshops.filter((figures) => figures !== undefined);
  const totals = known.reduce(addWorkshop, retired);
  return {
    totals: totalsOf(totals, procurement),
    deadLetters: totals.deadLetters,
    dismissed: totals.dismissed,
    restarts: { ...restarts },
    workshops: known.map(({ id, turns, latency }) => ({ workshop: id, turns, latency })),
    deliveries: transport?.deliveries ?? emptySnapshot(),
    epochs: transport?.epochs ?? emptySnapshot(),
  };
}
