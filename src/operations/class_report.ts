/**
 * Classes, inspected: what the workshops of each have done together.
 *
 * @module
 */

import {
  type ClassFigures,
  mergeSnapshots,
  type ProcurementFigures,
  type WorkshopFigures,
} from "../metrics/mod.ts";
import { part, perSecond, quantilesMs, recent, type Span } from "./rates.ts";
import { sum } from "./totals.ts";

/**
 * A class of a blueprint with an affinity. But for what is bought, its figures are those of its workshops: where
 * `shared` is true, they serve other classes as well, and the figures are of all of these.
 */
export interface ClassReport {
  /** As the blueprint declares it; `block 3` where it declares none. */
  name: string;
  /** Ids of the workshops that serve it. */
  workshops: number[];
  /** Whether one of them serves another class too. */
  shared: boolean;
  /** Its items bought since procurement started. */
  materials: number;
  /** Its items bought over the last second. */
  boughtPerSecond: number;
  /** Items handed to workers over the last second. */
  itemsPerSecond: number;
  /** From bought to shipped, over the last second; 0 if nothing was shipped. */
  latencyMs: { p50: number; p99: number };
  /** Items bought and not under way: in the lines' backlogs, on the lines and on belts. */
  waiting: number;
  /** Asynchronous turns under way. */
  inFlight: number;
  /** Bytes in the backlogs of its lines. When one of them comes to 16 MiB, procurement waits, for all classes. */
  backlogBytes: number;
}

/** Works out the reports of all classes; undefined without an affinity. */
export function classReports(
  procurement: Span<ProcurementFigures> | undefined,
  workshops: readonly (Span<WorkshopFigures> | undefined)[],
): ClassReport[] | undefined {
  const classes = procurement?.later.classes;
  if (procurement === undefined || classes === undefined) return undefined;
  return classes.map((figures, index) => {
    const served = figures.workshops.map((id) => workshops.find((span) => span?.later.id === id));
    const spans = served.filter((span) => span !== undefined);
    const lines = figures.workshops.map((id) => procurement.later.lines[id]).filter((line) =>
      line !== undefined
    );
    const bought = part(procurement, (each) => each.classes?.[index] ?? figures);
    return {
      name: figures.name,
      workshops: figures.workshops,
      shared: isShared(figures, classes),
      materials: figures.materials,
      boughtPerSecond: perSecond(bought, ({ materials }) => materials),
      itemsPerSecond: sum(spans.map((span) => perSecond(span, ({ materials }) => materials))),
      latencyMs: quantilesMs(mergeSnapshots(spans.map((span) => recent(span, ({ latency }) => latency)))),
      waiting: sum(lines.map(({ items, backlogItems = 0 }) => items + backlogItems)) +
        sum(spans.map(({ later }) => later.belted)),
      inFlight: sum(spans.map(({ later }) => later.inFlight)),
      backlogBytes: sum(lines.map(({ backlogBytes = 0 }) => backlogBytes)),
    };
  });
}

function isShared(one: ClassFigures, all: readonly ClassFigures[]): boolean {
  return all.some((other) => other !== one && other.workshops.some((id) => one.workshops.includes(id)));
}
