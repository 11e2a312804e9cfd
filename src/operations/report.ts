/**
 * From figures to the operator's report.
 *
 * @module
 */

import {
  type LineFigures,
  mergeSnapshots,
  type ProcurementFigures,
  type TransportFigures,
  type WorkshopFigures,
} from "../metrics/mod.ts";
import { backPressure } from "./back_pressure.ts";
import { findBottleneck } from "./bottleneck.ts";
import { classReports } from "./class_report.ts";
import type { LineReport, WorkshopReport } from "./floor_report.ts";
import type { Inspection } from "./inspection.ts";
import { part, perSecond, quantilesMs, recent, share, type Span } from "./rates.ts";
import { serviceReports } from "./service_report.ts";
import type { Report } from "./symptoms.ts";
import { addDepartments, sum, type Sums, totalsOf } from "./totals.ts";
import type { Sight } from "./watch.ts";

/** A workshop as the operator found it. */
export interface WorkshopSight extends Sight<WorkshopFigures> {
  readonly restarts: number;
}

/** Everything the operator found in one round. */
export interface Round {
  /** ms since 1970. */
  readonly at: number;
  readonly procurement: Sight<ProcurementFigures>;
  readonly workshops: readonly WorkshopSight[];
  readonly transport: Sight<TransportFigures>;
  /** What departments that are gone had counted. */
  readonly retired: Sums;
  readonly memoryBytes: number;
}

/** Works out the report of a round, but for its alarms. */
export function inspect({ at, procurement, workshops, transport, retired, memoryBytes }: Round): Report {
  const spans = workshops.map(({ span }) => span).filter((span) => span !== undefined);
  const reports = workshops.map(workshopReport);
  const classes = classReports(procurement.span, spans);
  const services = serviceReports(spans);
  const survey = {
    at,
    itemsPerSecond: sum(reports.map((report) => report.itemsPerSecond)),
    productsPerSecond: sum(spans.map((span) => perSecond(span, ({ products }) => products))),
    boughtPerSecond: perSecond(procurement.span, ({ materials }) => materials),
    workers: sum(reports.map((report) => report.workers)),
    totals: totalsOf(addDepartments(retired, {
      procurement: procurement.span?.later,
      workshops: spans.map(({ later }) => later),
    })),
    latencyMs: quantilesMs(mergeSnapshots(spans.map((span) => recent(span, ({ latency }) => latency)))),
    lines: lineReports(procurement.span),
    workshops: reports,
    ...(classes && { classes }),
    ...(services && { services }),
    warehouse: warehouseReport(transport.span?.later),
    procurement: procurementReport(procurement),
    transport: { busy: share(transport.span, ({ busyMs }) => busyMs) },
    epoch: {
      current: procurement.span?.later.epoch ?? 0,
      committed: transport.span?.later.committedEpoch ?? 0,
    },
    memoryBytes,
  };
  const finding = findBottleneck(survey, {
    procurement: procurement.answering,
    transport: transport.answering,
    conveyorsBlocked: Math.max(0, ...spans.map((span) => share(span, ({ conveyor }) => conveyor.blockedMs))),
    servicesOf: (workshop) => serviceReports(spans.filter(({ later }) => later.id === workshop)) ?? [],
  });
  return { ...survey, ...finding };
}

function lineReports(span: Span<ProcurementFigures> | undefined): LineReport[] {
  if (span === undefined) return [];
  const lines = span.later.lines.map((_, workshop) =>
    part(span, (procurement) => procurement.lines[workshop])
  );
  const blocked = lines.map((line) => share(line, ({ blockedMs }) => blockedMs));
  const waiting = sum(blocked);
  return lines.map((line, workshop) => lineReport(line, { workshop, blocked: blocked[workshop], waiting }));
}

function lineReport(
  line: Span<LineFigures>,
  { workshop, blocked, waiting }: { workshop: number; blocked: number; waiting: number },
): LineReport {
  const { batches, items, bytes, capacityBatches, oldestMs } = line.later;
  return {
    workshop,
    batches,
    items,
    bytes,
    capacityBatches,
    oldestMs,
    backPressure: backPressure({ blocked, waiting, batches, capacityBatches }),
    blocked,
    itemsPerSecond: perSecond(line, ({ sentItems }) => sentItems),
  };
}

function workshopReport({ answering, span, restarts }: WorkshopSight, index: number): WorkshopReport {
  const figures = span?.later;
  return {
    id: figures?.id ?? index,
    state: answering,
    slots: figures?.slots ?? 0,
    workers: figures?.workers ?? 0,
    busy: share(span, ({ busyMs }) => busyMs),
    itemsPerSecond: perSecond(span, ({ materials }) => materials),
    turnMs: quantilesMs(recent(span, ({ turns }) => turns)),
    restarts,
    heapBytes: figures?.heapBytes ?? 0,
    belted: figures?.belted ?? 0,
    inFlight: figures?.inFlight ?? 0,
    hotKey: figures?.hotKey ?? null,
  };
}

function procurementReport({ answering, span }: Sight<ProcurementFigures>): Inspection["procurement"] {
  const figures = span?.later;
  return {
    source: figures?.source ?? "",
    state: answering === "ok" && figures ? figures.state : answering,
    offset: figures?.offset ?? null,
    ratePerSecond: figures?.ratePerSecond ?? null,
    pushWaiting: figures?.pushWaiting ?? 0,
    busy: share(span, ({ busyMs }) => busyMs),
  };
}

function warehouseReport(figures: TransportFigures | undefined): Inspection["warehouse"] {
  if (figures === undefined) return { items: 0, bytes: 0, capacityBytes: 0, products: [] };
  const { items, bytes, capacityBytes, products } = figures;
  return { items, bytes, capacityBytes, products };
}
