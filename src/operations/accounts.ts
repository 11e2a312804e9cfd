/**
 * What the departments have counted in all: what an inspection sums up, in full, for monitoring.
 *
 * @module
 */

import {
  emptySnapshot,
  type HistogramSnapshot,
  type ProcurementFigures,
  type ServiceTotals,
  type TransportFigures,
  type WorkshopFigures,
} from "../metrics/mod.ts";
import type { Totals } from "./totals.ts";
import { addServices } from "./service_totals.ts";
import { addDepartments, type Sums, totalsOf } from "./totals.ts";

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
  /** As an inspection has them: departments that are gone count too. */
  totals: Totals;
  /** Items, timers and dismissals that were given up, by reason. */
  deadLetters: Record<string, number>;
  /** Workers dismissed, by reason. */
  dismissed: Record<string, number>;
  /** How often another has taken a department's place, by its name. */
  restarts: Record<string, number>;
  /** One for each workshop that has answered; a workshop that is started anew begins with nothing. */
  workshops: WorkshopAccounts[];
  /** One for each service that the blueprint names, workshops that are gone included; missing if it names none. */
  services?: ServiceTotals[];
  /** Deliveries to sinks, seconds, since transport was started. */
  deliveries: HistogramSnapshot;
  /** Epochs from their first barrier at transport to their commit, seconds, since transport was started. */
  epochs: HistogramSnapshot;
}

/** The departments' last figures, where there are any, and what those that are gone had counted. */
export interface Books {
  readonly procurement: ProcurementFigures | undefined;
  readonly workshops: readonly (WorkshopFigures | undefined)[];
  readonly transport: TransportFigures | undefined;
  readonly retired: Sums;
  readonly retiredServices: readonly ServiceTotals[];
  readonly restarts: Readonly<Record<string, number>>;
}

/** Works out the accounts. */
export function accountsOf(
  { procurement, workshops, transport, retired, retiredServices, restarts }: Books,
): Accounts {
  const known = workshops.filter((figures) => figures !== undefined);
  const sums = addDepartments(retired, { procurement, workshops: known });
  const services = known.reduce((all, figures) => addServices(all, figures.services ?? []), retiredServices);
  return {
    totals: totalsOf(sums),
    deadLetters: sums.deadLetters,
    dismissed: sums.dismissed,
    restarts: { ...restarts },
    workshops: known.map(({ id, turns, latency }) => ({ workshop: id, turns, latency })),
    ...(services.length > 0 && { services: [...services] }),
    deliveries: transport?.deliveries ?? emptySnapshot(),
    epochs: transport?.epochs ?? emptySnapshot(),
  };
}
